//! Asks the operator before something is done.

use std::io::{self, IsTerminal as _, Write as _};

use crate::error::CommandError;
use crate::terminal::{harmless, say, warn};

/// Whether the operator has confirmed what they asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// By `--yes`, for everything.
    Given,
    /// Each time.
    Asked,
}

impl Confirmation {
    /// Says what is about to be done, and returns if the operator confirms it.
    pub(crate) fn ask(self, intention: &str) -> Result<(), CommandError> {
        if self == Self::Given {
            say(intention);
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            warn(intention);
            return Err(CommandError::NoTerminal);
        }
        _ = write!(io::stderr(), "{}\nGo on? [y/N] ", harmless(intention));
        _ = io::stderr().flush();
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        if read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes") {
            Ok(())
        } else {
            Err(CommandError::Declined)
        }
    }
}
