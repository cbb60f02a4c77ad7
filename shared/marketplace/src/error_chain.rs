//! An error with everything that led to it, for a log line.

use std::error::Error;
use std::fmt;

/// Writes an error and every cause of it, one after the other.
///
/// A log line that is given an error as a value shows the error's own message alone, and of a failed
/// connection that says next to nothing. As long as the causes hold no address and no secret, this
/// is what to log.
#[derive(Debug, Clone, Copy)]
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'static));

impl<'a> ErrorChain<'a> {
    /// What led to the error, outermost first.
    pub fn causes(self) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
        std::iter::successors(self.0.source(), |cause| (*cause).source())
    }
}

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        self.causes().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("call Google")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("connect")]
    struct Middle(#[source] io::Error);

    #[test]
    fn every_cause_is_written() {
        let error = Outer(Middle(io::ErrorKind::ConnectionRefused.into()));
        assert_eq!(
            ErrorChain(&error).to_string(),
            "call Google: connect: connection refused"
        );
    }

    #[test]
    fn an_error_without_a_cause_is_its_own_message() {
        let error = io::Error::from(io::ErrorKind::TimedOut);
        assert_eq!(ErrorChain(&error).to_string(), "timed out");
    }
}
