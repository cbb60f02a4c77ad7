//! Why a token was not verified: it broke a rule, or Google's keys cannot be had.

use crate::broken_rule::BrokenRule;

/// A token was not verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// The token is not good: the sender's fault, and final.
    #[error(transparent)]
    Rejected(#[from] BrokenRule),
    /// Nothing can be said about the token: Google's keys cannot be had. Worth another try later.
    #[error(transparent)]
    Unavailable(#[from] KeysUnavailable),
}

/// Google's keys cannot be had at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysUnavailable {
    /// There is no HTTP client, for example for want of CA certificates.
    #[error("there is no HTTP client to fetch Google's keys with")]
    NoClient,
    /// The endpoint cannot be reached, or the connection broke.
    #[error("Google's keys cannot be reached")]
    Unreachable,
    /// The keys did not come in time.
    #[error("Google's keys did not come in time")]
    TimedOut,
    /// The endpoint answered with a status other than 200. Redirects are not followed.
    #[error("the answer to the request for Google's keys had status {0}")]
    Status(u16),
    /// The answer is longer than 64 KiB.
    #[error("the answer with Google's keys is too large")]
    TooLarge,
    /// The answer is not a JSON object with every key id once.
    #[error("the answer with Google's keys cannot be read")]
    Malformed,
    /// The answer has no usable key: it is empty, or all keys are weak or broken.
    #[error("none of Google's keys can be used")]
    NoUsableKey,
}
