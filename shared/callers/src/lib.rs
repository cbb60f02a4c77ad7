#![doc = include_str!("../README.md")]

use function_runtime::{Expected, Reader, Request, Variable, parse};
use http::header::AUTHORIZATION;
use verification::{
    AcceptedEmails, Audiences, IdentityVerifier, VerificationError, VerifiedCaller,
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
    /// The token was refused, or could not be checked.
    #[error("the identity token was not verified")]
    Token(#[from] VerificationError),
}

/// Reads `IDENTITY_AUDIENCE`. `None` after a problem was added to the reader.
pub fn audience(reader: &mut Reader<'_>) -> Option<Audiences> {
    reader.required(&IDENTITY_AUDIENCE, |text| {
        let audiences = Audiences::parse(vec![text.to_owned()]);
        audiences.map_err(|_| Expected::from("one audience, such as https://events.example.com"))
    })
}

/// The one service account that may call, by its e-mail address.
pub fn email(text: &str) -> Result<AcceptedEmails, Expected> {
    let email = parse::service_account(text)?;
    AcceptedEmails::parse(vec![email]).map_err(|_| "the e-mail address of a service account".into())
}

/// The service accounts that may call, by their e-mail addresses, comma-separated.
pub fn emails(text: &str) -> Result<AcceptedEmails, Expected> {
    let emails = parse::list(text, parse::service_account)?;
    AcceptedEmails::parse(emails).map_err(|_| "e-mail addresses of service accounts".into())
}

/// Verifies the identity token of a request.
pub async fn verified(
    verifier: &IdentityVerifier,
    request: &Request,
) -> Result<VerifiedCaller, CallerError> {
    let unverified_token = bearer(request).ok_or(CallerError::NoToken)?;
    Ok(verifier.verify(unverified_token, request.at()).await?)
}

/// The scheme is written in any case (RFC 9110, section 11.1).
fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.header(AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
