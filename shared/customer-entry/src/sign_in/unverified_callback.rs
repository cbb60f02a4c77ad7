//! What the browser brings back from Google. Nothing in it is verified.

use crate::unverified_form::{FormProblem, UnverifiedForm};

/// Errors of an authorization answer (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). Others are
/// not named in the log: anybody at the browser can write them.
const KNOWN_ERRORS: [&str; 11] = [
    "invalid_request",
    "unauthorized_client",
    "unsupported_response_type",
    "invalid_scope",
    "server_error",
    "temporarily_unavailable",
    "interaction_required",
    "login_required",
    "account_selection_required",
    "consent_required",
    "admin_policy_enforced",
];

/// The parameters of the callback that count. Others are Google's to add.
pub(super) struct UnverifiedCallback {
    pub(super) state: String,
    pub(super) answer: CallbackAnswer,
}

/// What Google answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CallbackAnswer {
    /// A code to exchange.
    Code(String),
    /// The person did not consent.
    Denied,
    /// Something else is wrong, by its documented name.
    Error(&'static str),
}

impl UnverifiedCallback {
    /// Reads the query of the callback's address.
    pub(super) fn read(query: &str) -> Result<Self, FormProblem> {
        let query = UnverifiedForm::query(query)?;
        let state = query.once("state")?.to_owned();
        let (code, error) = (query.at_most_once("code")?, query.at_most_once("error")?);
        let answer = match (code, error) {
            (Some(code), None) if !code.is_empty() => CallbackAnswer::Code(code.to_owned()),
            (None, Some("access_denied")) => CallbackAnswer::Denied,
            (None, Some(error)) => {
                let known = KNOWN_ERRORS.into_iter().find(|known| *known == error);
                CallbackAnswer::Error(known.unwrap_or("unknown"))
            }
            _ => CallbackAnswer::Error("neither code nor error"),
        };
        Ok(Self { state, answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> CallbackAnswer {
        UnverifiedCallback::read(query).unwrap().answer
    }

    #[test]
    fn a_code_is_decoded_and_what_else_google_adds_does_not_matter() {
        let read = UnverifiedCallback::read(
            "state=a.b&code=4%2F0Ab-c&scope=email+openid&authuser=0&prompt=consent&new=1",
        );
        let read = read.unwrap();
        assert_eq!(read.state, "a.b");
        assert_eq!(read.answer, CallbackAnswer::Code("4/0Ab-c".to_owned()));
    }

    #[test]
    fn errors_are_distinguished_and_unknown_ones_are_not_repeated() {
        assert_eq!(
            answer("state=a&error=access_denied"),
            CallbackAnswer::Denied
        );
        let known = answer("state=a&error=login_required");
        assert_eq!(known, CallbackAnswer::Error("login_required"));
        let other = answer("state=a&error=forged%0Aline");
        assert_eq!(other, CallbackAnswer::Error("unknown"));
    }

    #[test]
    fn a_code_stands_alone() {
        let neither = CallbackAnswer::Error("neither code nor error");
        for query in ["state=a", "state=a&code=", "state=a&code=b&error=c"] {
            assert_eq!(answer(query), neither, "{query}");
        }
    }

    #[test]
    fn what_must_stand_once_stands_once() {
        for (query, problem) in [
            ("", FormProblem::Missing),
            ("code=b", FormProblem::Missing),
            ("state=a&state=a&code=b", FormProblem::Twice),
            ("state=a&code=b&code=b", FormProblem::Twice),
            ("state=%FF&code=b", FormProblem::NotUtf8),
        ] {
            assert_eq!(
                UnverifiedCallback::read(query).err(),
                Some(problem),
                "{query}"
            );
        }
    }
}
