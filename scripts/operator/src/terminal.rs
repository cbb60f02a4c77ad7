//! The person at the terminal: what is said, and what is asked.

use std::io::{self, IsTerminal as _, Write as _};

use crate::failure::Failure;

/// Whether the operator has agreed to whatever was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Assent {
    /// By `--yes`.
    Given,
    /// Each time.
    Asked,
}

/// Shows a result, on the standard output. What others wrote cannot steer the terminal.
pub(crate) fn say(text: &str) {
    // Where nobody listens any more there is nothing to do about it.
    _ = writeln!(io::stdout(), "{}", shown(text));
}

/// Shows a complaint, on the standard error.
pub(crate) fn warn(text: &str) {
    _ = writeln!(io::stderr(), "{}", shown(text));
}

impl Assent {
    /// Says what is about to be done, and returns if the operator agrees.
    pub(crate) fn agree(self, intention: &str) -> Result<(), Failure> {
        if self == Self::Given {
            say(intention);
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            warn(intention);
            return Err(Failure::NobodyToAsk);
        }
        _ = write!(io::stderr(), "{}\nGo on? [y/N] ", shown(intention));
        _ = io::stderr().flush();
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer);
        let agreed = matches!(answer.trim(), "y" | "Y" | "yes");
        if read.is_ok() && agreed {
            Ok(())
        } else {
            Err(Failure::Declined)
        }
    }
}

/// What somebody else wrote, on one line: it cannot pass for a line of ours.
pub(crate) fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn shown(text: &str) -> String {
    let safe = |c: char| {
        if c.is_control() && c != '\n' {
            '\u{fffd}'
        } else {
            c
        }
    };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_s_name_cannot_steer_the_terminal() {
        assert_eq!(
            shown("a\u{1b}[2Jb\u{9b}\r\n"),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}\n"
        );
    }
}
