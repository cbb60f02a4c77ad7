//! The address of a service account.

use std::fmt;

/// What every address of a service account that somebody made ends with.
const SUFFIX: &str = ".iam.gserviceaccount.com";

/// The address of a service account that somebody made: `ID@PROJECT.iam.gserviceaccount.com`.
///
/// It names no person. In a project that belongs to a domain (`example.com:project`) it is
/// `ID@PROJECT.example.com.iam.gserviceaccount.com`.
///
/// Source: IAM, "Create service accounts": the id has 6 to 30 lower-case letters, digits and hyphens,
/// a letter first and no hyphen last.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServiceAccountEmail(String);

/// The text is not the address of a service account. It does not carry the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the address of a service account")]
pub struct InvalidServiceAccountEmail;

impl ServiceAccountEmail {
    /// Accepts exactly the form above, in lower case as Google writes it.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidServiceAccountEmail> {
        let text = text.into();
        let parts = text.strip_suffix(SUFFIX).and_then(|it| it.split_once('@'));
        let (id, project) = parts.ok_or(InvalidServiceAccountEmail)?;
        let is_project = text.len() <= 253 && project.split('.').all(is_label);
        if !is_short_name(id) || !is_project {
            return Err(InvalidServiceAccountEmail);
        }
        Ok(Self(text))
    }

    /// The address that an account of this id has in this project.
    pub fn of(id: &str, project: &str) -> Result<Self, InvalidServiceAccountEmail> {
        let host = match project.split_once(':') {
            Some((domain, project)) => format!("{project}.{domain}"),
            None => project.to_owned(),
        };
        Self::parse(format!("{id}@{host}{SUFFIX}"))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the project that the account is in.
    pub fn project(&self) -> String {
        let host = self.0.split_once('@').map_or("", |(_, host)| host);
        let host = host.strip_suffix(SUFFIX).unwrap_or(host);
        match host.split_once('.') {
            Some((project, domain)) => format!("{domain}:{project}"),
            None => host.to_owned(),
        }
    }
}

impl fmt::Display for ServiceAccountEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 6 to 30 lower-case letters, digits and hyphens, a letter first and no hyphen last: the grammar that
/// ids of service accounts and of projects share.
pub(crate) fn is_short_name(text: &str) -> bool {
    (6..=30).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && is_label(text)
}

/// One label of a host name in lower case.
pub(crate) fn is_label(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(is_inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_project() {
        for (text, project) in [
            ("c-7a1c9e52@vendor-1.iam.gserviceaccount.com", "vendor-1"),
            (
                "c-7a1c9e52@vendor-1.example.com.iam.gserviceaccount.com",
                "example.com:vendor-1",
            ),
        ] {
            let email = ServiceAccountEmail::parse(text).unwrap();
            assert_eq!((email.as_str(), email.project().as_str()), (text, project));
            assert_eq!(ServiceAccountEmail::of("c-7a1c9e52", project), Ok(email));
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "customer",
            "customer@",
            "@vendor-1.iam.gserviceaccount.com",
            "customer@iam.gserviceaccount.com",
            "customer@.iam.gserviceaccount.com",
            "customer@vendor-1.iam.gserviceaccount.com.evil.example",
            "customer@vendor-1.evil.example",
            "customer@a@b.iam.gserviceaccount.com",
            "short@vendor-1.iam.gserviceaccount.com",
            "1customer@vendor-1.iam.gserviceaccount.com",
            "-customer@vendor-1.iam.gserviceaccount.com",
            "customer-@vendor-1.iam.gserviceaccount.com",
            "Customer@vendor-1.iam.gserviceaccount.com",
            "customer;x@vendor-1.iam.gserviceaccount.com",
            "customer@vendor/1.iam.gserviceaccount.com",
            "customer@vendor-1..iam.gserviceaccount.com",
            "customer@vendor-1.iam.gserviceaccount.com\n",
            "123-compute@developer.gserviceaccount.com",
        ] {
            assert_eq!(
                ServiceAccountEmail::parse(text),
                Err(InvalidServiceAccountEmail),
                "{text:?}"
            );
        }
        let long = "x".repeat(31);
        assert!(ServiceAccountEmail::of(&long, "vendor-1").is_err());
    }
}
