//! What the application asks for.

use marketplace::service_account_page::{Asked, InvalidPage, Parameters, Registration};
use marketplace::{ProcurementAccountId, UserIdentity};
use serde::{Deserialize, Deserializer};

/// The body of `POST /service-account-links`.
///
/// It has no `Debug`: it names a person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkBody {
    pub(crate) account: ProcurementAccountId,
    pub(crate) user: UserIdentity,
    #[serde(default, deserialize_with = "given")]
    single: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    hints: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    filter: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    redirect: Option<String>,
}

/// The body is not the documented one. It says nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the documented JSON (line {line}, column {column})")]
pub struct MalformedBody {
    line: usize,
    column: usize,
}

impl LinkBody {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, MalformedBody> {
        // What reads the members would also read a list of their values.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(MalformedBody { line: 1, column: 1 });
        }
        serde_json::from_slice(bytes).map_err(|error| MalformedBody {
            line: error.line(),
            column: error.column(),
        })
    }

    /// The page's parameters, if all may stand in its address.
    pub(crate) fn parameters(
        &self,
        registration: &Registration,
    ) -> Result<Parameters, InvalidPage> {
        registration.parameters(&Asked {
            single: self.single.unwrap_or_default(),
            hints: self.hints.as_deref(),
            filter: self.filter.as_deref(),
            redirect: self.redirect.as_deref(),
        })
    }
}

/// A member that is there has its type: `null` is not a way to leave it out.
fn given<'de, D, T>(member: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(member).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_who_and_may_say_what() {
        let body = LinkBody::parse(br#"{"account": "a", "user": "1"}"#)
            .ok()
            .unwrap();
        assert_eq!((body.account.as_str(), body.user.as_str()), ("a", "1"));
        let whole = br#"{"account": "a", "user": "1", "single": true, "hints": ["project-1"],
            "filter": ["viewer"], "redirect": "https://app.example.com"}"#;
        let body = LinkBody::parse(whole).ok().unwrap();
        assert_eq!(body.single, Some(true));
        assert_eq!(body.redirect.as_deref(), Some("https://app.example.com"));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"["a", "1"]"#,
            r#"{"account": "a"}"#,
            r#"{"user": "1"}"#,
            r#"{"account": "a", "user": "1"} x"#,
            r#"{"account": "a", "user": "1", "account": "a"}"#,
            r#"{"account": "a", "user": "1", "role": "viewer"}"#,
            r#"{"account": "a", "user": "1", "Single": true}"#,
            r#"{"account": 1, "user": "1"}"#,
            r#"{"account": "a", "user": 1}"#,
            r#"{"account": null, "user": "1"}"#,
            r#"{"account": "", "user": "1"}"#,
            r#"{"account": "a/b", "user": "1"}"#,
            r#"{"account": "..", "user": "1"}"#,
            r#"{"account": "a", "user": "ada@example.com"}"#,
            r#"{"account": "a", "user": "1", "single": null}"#,
            r#"{"account": "a", "user": "1", "single": "true"}"#,
            r#"{"account": "a", "user": "1", "single": 1}"#,
            r#"{"account": "a", "user": "1", "hints": null}"#,
            r#"{"account": "a", "user": "1", "hints": "project-1"}"#,
            r#"{"account": "a", "user": "1", "hints": [1]}"#,
            r#"{"account": "a", "user": "1", "hints": {"0": "project-1"}}"#,
            r#"{"account": "a", "user": "1", "filter": "viewer"}"#,
            r#"{"account": "a", "user": "1", "filter": [null]}"#,
            r#"{"account": "a", "user": "1", "redirect": ["https://app.example.com"]}"#,
        ] {
            assert!(LinkBody::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(LinkBody::parse(b"{\"account\": \"\xff\", \"user\": \"1\"}").is_err());
    }
}
