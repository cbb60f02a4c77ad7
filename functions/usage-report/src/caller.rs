//! Who may call which route.

use function_runtime::Request;
use http::header::AUTHORIZATION;
use verification::{IdentityVerifier, VerificationError, VerifiedCaller};

/// Why a caller is not let in.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// There is no `Authorization: Bearer …`, or more than one.
    #[error("find an identity token")]
    NoToken,
    /// The token was refused, or could not be checked.
    #[error("verify the identity token")]
    Token(#[from] VerificationError),
}

/// Verifies the identity token of a request.
pub(crate) async fn verified(
    verifier: &IdentityVerifier,
    request: &Request,
) -> Result<VerifiedCaller, CallerError> {
    let value = request
        .header(AUTHORIZATION.as_str())
        .ok_or(CallerError::NoToken)?;
    let (scheme, unverified_token) = value.split_once(' ').ok_or(CallerError::NoToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(CallerError::NoToken);
    }
    Ok(verifier
        .verify(unverified_token, request.now, request.deadline)
        .await?)
}
