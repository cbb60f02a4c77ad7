//! Why there was no answer to a message that was sent.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::time::Duration;

/// Why there was no answer. [`Display`](fmt::Display) says it in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The address cannot be called at all.
    UnusableAddress,
    /// Nobody listens there.
    ConnectionRefused,
    /// No connection came about, for another reason: an unknown name, a missing route, TLS.
    Unreachable,
    /// The connection ended before there was an answer.
    ConnectionBroken,
    /// Nothing was answered within this time.
    NoAnswerWithin(Duration),
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnusableAddress => f.write_str("not an address that can be called"),
            Self::ConnectionRefused => f.write_str("connection refused: nobody listens there"),
            Self::Unreachable => f.write_str("no connection"),
            Self::ConnectionBroken => f.write_str("the connection ended without an answer"),
            Self::NoAnswerWithin(time) => write!(f, "no answer within {} s", time.as_secs_f64()),
        }
    }
}

impl Obstacle {
    /// What was in the way of a call that may take so long.
    pub(crate) fn of(error: &reqwest::Error, time_out: Duration) -> Self {
        if error.is_timeout() {
            Self::NoAnswerWithin(time_out)
        } else if error.is_builder() {
            Self::UnusableAddress
        } else if is_refused(error) {
            Self::ConnectionRefused
        } else if error.is_connect() {
            Self::Unreachable
        } else {
            Self::ConnectionBroken
        }
    }
}

/// Whether the system said so, in whatever the error is wrapped.
fn is_refused(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        let system = error.downcast_ref::<io::Error>();
        if system.is_some_and(|it| it.kind() == ErrorKind::ConnectionRefused) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_seconds() {
        for (millis, said) in [(10_000, "10 s"), (250, "0.25 s")] {
            let obstacle = Obstacle::NoAnswerWithin(Duration::from_millis(millis));
            assert_eq!(obstacle.to_string(), format!("no answer within {said}"));
        }
    }
}
