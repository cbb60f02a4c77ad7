//! Why the person at the browser is not proven to be the token's user.

use url::ParseError;
use verification::VerificationError;

use super::exchange::GoogleUnavailable;

/// Why the person at the browser is not proven to be the user.
#[derive(Debug, thiserror::Error)]
pub enum NotProven {
    /// It is somebody else.
    #[error("another person than the token's user signed in")]
    SomebodyElse,
    /// Google does not take the code: it was used, it is too old, or it is not ours.
    #[error("the code was not exchanged: Google refused it ({0})")]
    Code(&'static str),
    /// The ID token is not good, or its keys cannot be had.
    #[error("the ID token was not accepted: {0}")]
    IdToken(VerificationError),
    /// Google does not take its own access token.
    #[error("UserInfo did not say who signed in: Google refused with status {0}")]
    UserInfo(u16),
    /// Google gave no answer.
    #[error(transparent)]
    Unavailable(#[from] GoogleUnavailable),
    /// Google refuses this deployment: the client, its secret or the redirect address is wrong.
    #[error("the code was not exchanged: Google refused the OAuth client ({0})")]
    Client(&'static str),
    /// One of our own addresses is not a URL.
    #[error("an address of the sign-in is not a URL")]
    Address(#[from] ParseError),
}
