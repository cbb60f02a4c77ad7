//! Addresses of websites, with their scheme or without.

use std::borrow::Cow;

use url::{Host, ParseError, Url};

use super::Problem;

const NO_SITE: &str =
    "This names no site. Please enter a web address, such as https://company.com.";

const NOT_ONLY_SITE: &str = "This has an “@” before the site's name. Please enter a web address, such as https://company.com.";

/// The address as it was typed, with `https://` before it if it had no scheme.
pub(super) fn address(typed: &str) -> Result<String, Problem> {
    if typed.contains(' ') {
        return Err(
            "This has a space. Please enter one web address, such as https://company.com.".into(),
        );
    }
    let (address, is_completed) = match with_scheme(typed)? {
        Cow::Borrowed(address) => (address.to_owned(), false),
        Cow::Owned(address) => (address, true),
    };
    let url = Url::parse(&address).map_err(|error| match error {
        ParseError::EmptyHost => NO_SITE,
        _ => "This is no web address. Please enter one such as https://company.com.",
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NOT_ONLY_SITE.into());
    }
    let is_site = match url.host() {
        // Within a network a single word may be a site; without a scheme it is more likely something else.
        Some(Host::Domain(name)) => !is_completed || name.trim_end_matches('.').contains('.'),
        host => host.is_some(),
    };
    if is_site {
        Ok(address)
    } else {
        Err(NO_SITE.into())
    }
}

fn with_scheme(typed: &str) -> Result<Cow<'_, str>, Problem> {
    match typed.split_once(':') {
        Some((scheme, _)) if is_web(scheme) => Ok(Cow::Borrowed(typed)),
        // Neither a port nor a part of a path or query.
        Some((scheme, _)) if !scheme.contains(['.', '/', '?', '#']) => Err(format!(
            "This starts with “{scheme}:”. Please enter a web address, which starts with https:// or http://."
        )
        .into()),
        _ => Ok(Cow::Owned(format!("https://{}", typed.trim_start_matches('/')))),
    }
}

fn is_web(scheme: &str) -> bool {
    ["https", "http"]
        .iter()
        .any(|web| scheme.eq_ignore_ascii_case(web))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_as_it_was_typed() {
        for typed in [
            "https://example.com",
            "HTTP://example.com/a?b=c#d",
            "https://intranet",
            "https://münchen.example",
            "https://[2001:db8::1]:8443/",
        ] {
            assert_eq!(address(typed).as_deref(), Ok(typed));
        }
    }

    #[test]
    fn an_address_without_a_scheme_gets_one() {
        for typed in [
            "example.com",
            "www.example.com/a?next=https://x",
            "example.com:8443",
            "münchen.example",
            "例え．jp",
        ] {
            assert_eq!(address(typed), Ok(format!("https://{typed}")));
        }
        assert_eq!(
            address("//example.com").as_deref(),
            Ok("https://example.com")
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (typed, says) in [
            ("javascript:alert(1)", "This starts with “javascript:”."),
            ("mailto:ada@example.com", "This starts with “mailto:”."),
            ("ftp://example.com", "This starts with “ftp:”."),
            ("our site", "This has a space."),
            ("example", "This names no site."),
            ("https://", "This names no site."),
            ("//", "This names no site."),
            ("ada@example.com", "This has an “@”"),
            ("https://example.com@evil.example", "This has an “@”"),
            ("https://exa<mple.com", "This is no web address."),
            ("example.com:port", "This is no web address."),
        ] {
            let problem = address(typed).unwrap_err();
            assert!(problem.starts_with(says), "{typed}: {problem}");
        }
    }
}
