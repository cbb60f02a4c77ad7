//! Why a call has no result.

use std::time::Duration;

use crate::{CredentialsUnavailable, GoogleError, HttpUnavailable, RetryVerdict};

/// Why a call has no result, distinguished by whether it can have taken effect.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Google answered with an error.
    #[error("Google answered {error}")]
    Answered {
        /// What it said.
        error: GoogleError,
        /// The wait it asked for.
        retry_after: Option<Duration>,
    },
    /// Nothing has reached Google.
    #[error("nothing was sent to Google")]
    Unsent(#[from] Unsent),
    /// Google may have received the call, and there is no usable answer.
    #[error("there is no usable answer of Google's")]
    Unanswered(#[from] Unanswered),
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum Unsent {
    /// There is no HTTP client.
    #[error(transparent)]
    Http(#[from] HttpUnavailable),
    /// There is no access token.
    #[error(transparent)]
    Credentials(#[from] CredentialsUnavailable),
    /// The request could not be written as JSON or as HTTP.
    #[error("the request cannot be written")]
    Request(#[source] reqwest::Error),
    /// There is no connection.
    #[error("there is no connection")]
    Connection(#[source] reqwest::Error),
    /// The deadline passed before it could be.
    #[error("the deadline had passed before")]
    TooLate,
}

/// Why there is no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The deadline passed, or the exchange took too long.
    #[error("it did not come in time")]
    TimedOut,
    /// The connection broke before the answer was whole.
    #[error("it did not arrive whole")]
    Broken(#[source] reqwest::Error),
    /// The answer is larger than any that is expected.
    #[error("it is larger than {limit} bytes")]
    TooLarge {
        /// The largest answer accepted, in bytes.
        limit: usize,
    },
    /// The answer is not the JSON that is documented. The body itself is not kept.
    #[error("it is not the documented JSON (line {line}, column {column})")]
    Malformed {
        /// Line of the first fault.
        line: usize,
        /// Column of the first fault.
        column: usize,
    },
}

impl CallError {
    /// Whether the call may have taken effect although there is no result. The caller must read the
    /// resource again before it decides anything.
    ///
    /// Also a 5xx counts: it can come from a front end whose back end did finish.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Answered { error, .. } => error.code >= 500 || error.code == 408,
            Self::Unsent(_) => false,
            Self::Unanswered(_) => true,
        }
    }

    /// What this says about repeating a call that only reads, or that may be made twice.
    pub fn verdict_on_reading(&self) -> RetryVerdict {
        match self {
            Self::Answered { error, retry_after } => match error.code {
                // After a 401 there is a new token.
                401 | 408 | 429 | 500 | 502 | 503 | 504 => again(*retry_after),
                _ => RetryVerdict::Final,
            },
            Self::Unsent(Unsent::Credentials(_) | Unsent::Connection(_))
            | Self::Unanswered(
                Unanswered::TimedOut | Unanswered::Broken(_) | Unanswered::Malformed { .. },
            ) => again(None),
            Self::Unsent(Unsent::Http(_) | Unsent::Request(_) | Unsent::TooLate)
            | Self::Unanswered(Unanswered::TooLarge { .. }) => RetryVerdict::Final,
        }
    }

    /// What this says about repeating a call that changes something: as for reading, but only if
    /// the failed attempt changed nothing.
    pub fn verdict_on_changing(&self) -> RetryVerdict {
        if self.may_have_taken_effect() {
            return RetryVerdict::Final;
        }
        self.verdict_on_reading()
    }
}

fn again(retry_after: Option<Duration>) -> RetryVerdict {
    RetryVerdict::Again {
        after: retry_after.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(code: u16) -> CallError {
        CallError::Answered {
            error: GoogleError::parse(code, b""),
            retry_after: Some(Duration::from_secs(2)),
        }
    }

    #[test]
    fn answers_are_judged_by_their_status() {
        let wait = RetryVerdict::Again {
            after: Duration::from_secs(2),
        };
        for (code, reading, changing) in [
            (302, RetryVerdict::Final, RetryVerdict::Final),
            (400, RetryVerdict::Final, RetryVerdict::Final),
            (401, wait, wait),
            (403, RetryVerdict::Final, RetryVerdict::Final),
            (404, RetryVerdict::Final, RetryVerdict::Final),
            (408, wait, RetryVerdict::Final),
            (409, RetryVerdict::Final, RetryVerdict::Final),
            (429, wait, wait),
            (500, wait, RetryVerdict::Final),
            (501, RetryVerdict::Final, RetryVerdict::Final),
            (502, wait, RetryVerdict::Final),
            (503, wait, RetryVerdict::Final),
            (504, wait, RetryVerdict::Final),
        ] {
            let error = answered(code);
            assert_eq!(error.verdict_on_reading(), reading, "{code}");
            assert_eq!(error.verdict_on_changing(), changing, "{code}");
        }
    }

    #[test]
    fn what_was_not_sent_may_be_sent_again_and_what_was_lost_may_not() {
        let too_late = CallError::from(Unsent::TooLate);
        assert_eq!(too_late.verdict_on_changing(), RetryVerdict::Final);
        assert!(!too_late.may_have_taken_effect());

        let token = CallError::from(Unsent::Credentials(CredentialsUnavailable::TimedOut));
        assert_eq!(token.verdict_on_changing(), again(None));

        let lost = CallError::from(Unanswered::TimedOut);
        assert_eq!(lost.verdict_on_reading(), again(None));
        assert_eq!(lost.verdict_on_changing(), RetryVerdict::Final);
        assert!(lost.may_have_taken_effect());
    }
}
