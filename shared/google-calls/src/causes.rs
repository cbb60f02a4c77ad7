//! An error with its causes, for a log line.

use std::error::Error;
use std::fmt;

/// Writes an error and every cause of it, one after the other.
///
/// A log line that is given an error as a value shows the error's own message alone, and of a failed
/// connection that says next to nothing. As long as the causes hold no address and no secret, this
/// is what to log.
#[derive(Debug, Clone, Copy)]
pub struct Causes<'a>(pub &'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
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
            Causes(&error).to_string(),
            "call Google: connect: connection refused"
        );
    }

    #[test]
    fn an_error_without_a_cause_is_its_own_message() {
        let error = io::Error::from(io::ErrorKind::TimedOut);
        assert_eq!(Causes(&error).to_string(), "timed out");
    }
}
