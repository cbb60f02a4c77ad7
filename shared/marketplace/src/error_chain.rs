//! An error with everything that led to it, for a log line.

use std::error::Error;
use std::fmt;

use crate::log_text;

/// How much of it is logged, in characters.
const LOGGED: usize = 1_000;

/// Writes an error and every cause of it, one after the other, as [`log_text()`].
///
/// A log line that is given an error as a value shows the error's own message alone, and of a failed
/// connection that says next to nothing. What others say is in the causes, so what looks like an address
/// or a secret is left out.
#[derive(Debug, Clone, Copy)]
pub struct ErrorChain<'a>(pub &'a (dyn Error + 'static));

impl<'a> ErrorChain<'a> {
    /// What led to the error, outermost first.
    pub fn causes(self) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
        std::iter::successors(self.0.source(), |cause| (*cause).source())
    }

    /// The whole of it, for an operator at a terminal.
    pub fn in_full(self) -> String {
        let own = self.0.to_string();
        self.causes()
            .fold(own, |said, cause| format!("{said}: {cause}"))
    }
}

impl fmt::Display for ErrorChain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&log_text(&self.in_full(), LOGGED))
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
    fn what_a_cause_quotes_is_left_out_of_a_log() {
        let cause = io::Error::other("Permission denied for ada@example.com (Bearer abc)\n");
        let error = Outer(Middle(cause));
        let logged = ErrorChain(&error).to_string();
        assert_eq!(
            logged,
            "call Google: connect: Permission denied for … (Bearer …) "
        );
        assert!(ErrorChain(&error).in_full().contains("ada@example.com"));
        let error = io::Error::other("a ".repeat(10_000));
        assert_eq!(ErrorChain(&error).to_string().len(), LOGGED);
    }

    #[test]
    fn an_error_without_a_cause_is_its_own_message() {
        let error = io::Error::from(io::ErrorKind::TimedOut);
        assert_eq!(ErrorChain(&error).to_string(), "timed out");
    }
}
