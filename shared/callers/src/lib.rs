#![doc = include_str!("../README.md")]

mod bearer;

use function_runtime::{Expected, Reader, Request, Variable, parse};
use http::request::Parts;
use verification::{
    AcceptedEmails, Audiences, BrokenRule, IdentityVerifier, VerificationError, VerifiedCaller,
};

/// Whom the tokens must be made for.
pub const IDENTITY_AUDIENCE: Variable = Variable::required(
    "IDENTITY_AUDIENCE",
    "`aud` of the identity tokens, exactly as all that call ask for it",
);

/// Why a caller is not let in.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// There is no `Authorization: Bearer …`, or more than one.
    #[error("there is no identity token")]
    NoToken,
    /// The token has not the form of one, so nothing of it was looked at.
    #[error("the identity token is not three parts of base64url, of 8 KiB at most")]
    Malformed,
    /// The token does not say whose it is.
    #[error(
        "the identity token has no e-mail: ask for it with format=full (metadata server) or --include-email (gcloud)"
    )]
    NoEmail(#[source] BrokenRule),
    /// The token was refused, or could not be checked.
    #[error("the identity token was not verified")]
    Token(#[source] VerificationError),
}

impl From<VerificationError> for CallerError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::Rejected(rule @ BrokenRule::EmailMissing) => Self::NoEmail(rule),
            error => Self::Token(error),
        }
    }
}

/// Reads `IDENTITY_AUDIENCE`. `None` after a problem was added to the reader.
pub fn audience(reader: &mut Reader<'_>) -> Option<Audiences> {
    reader.required(&IDENTITY_AUDIENCE, |text| {
        let audiences = Audiences::parse(vec![text.to_owned()]);
        audiences.map_err(|_| Expected::from("one audience, such as https://events.example.com"))
    })
}

/// The one service account that may call: `EMAIL`, or `EMAIL=UNIQUE_ID`.
pub fn email(text: &str) -> Result<AcceptedEmails, Expected> {
    let expected =
        "the e-mail address of a service account, alone or with its unique id: `EMAIL=UNIQUE_ID`";
    AcceptedEmails::parse(vec![account(text)?]).map_err(|_| expected.into())
}

/// The service accounts that may call, comma-separated: each `EMAIL` or `EMAIL=UNIQUE_ID`.
pub fn emails(text: &str) -> Result<AcceptedEmails, Expected> {
    let expected =
        "e-mail addresses of service accounts, each alone or with its unique id: `EMAIL=UNIQUE_ID`";
    AcceptedEmails::parse(parse::list(text, account)?).map_err(|_| expected.into())
}

/// A service account as it is configured, of which only the e-mail address has been checked.
fn account(text: &str) -> Result<String, Expected> {
    let email = text.split_once('=').map_or(text, |(email, _)| email);
    parse::service_account(email)?;
    Ok(text.to_owned())
}

/// Looks whether a request's head has an identity token of good form. For
/// [`before_body`](function_runtime::Handler::before_body): it proves nothing.
pub fn expect_bearer(head: &Parts) -> Result<(), CallerError> {
    bearer::unverified_token(&head.headers).map(|_| ())
}

/// Verifies the identity token of a request.
pub async fn verified(
    verifier: &IdentityVerifier,
    request: &Request,
) -> Result<VerifiedCaller, CallerError> {
    let unverified_token = bearer::unverified_token(&request.headers)?;
    Ok(verifier.verify(unverified_token, request.at()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "push@vendor-1.iam.gserviceaccount.com";

    #[test]
    fn an_address_may_have_a_unique_id_beside_it() {
        for text in [EMAIL.to_owned(), format!("{EMAIL}=112233445566778899222")] {
            assert!(email(&text).is_ok(), "{text}");
            assert!(emails(&format!("other@{text}, {text}")).is_err(), "{text}");
            let other = text.replace("push", "other");
            assert!(emails(&format!("{other}, {text}")).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_names_no_service_account_is_refused() {
        for text in [
            "",
            "ada@example.com",
            "112233445566778899222",
            "=112233445566778899222",
            "ada@example.com=112233445566778899222",
            "push@vendor-1.iam.gserviceaccount.com=",
            "push@vendor-1.iam.gserviceaccount.com=x",
            "push@vendor-1.iam.gserviceaccount.com=1=2",
            "push@vendor-1.iam.gserviceaccount.com,other@vendor-1.iam.gserviceaccount.com",
        ] {
            assert!(email(text).is_err(), "{text}");
        }
        assert!(emails(&format!("{EMAIL},{EMAIL}=1")).is_err());
    }

    #[test]
    fn a_token_without_an_email_says_how_to_ask_for_it() {
        let error = CallerError::from(VerificationError::Rejected(BrokenRule::EmailMissing));
        assert!(error.to_string().contains("--include-email"), "{error}");
        let stranger = CallerError::from(VerificationError::Rejected(BrokenRule::Email));
        assert!(!stranger.to_string().contains("e-mail"), "{stranger}");
    }
}
