//! What is shown at the terminal.

use std::io::{self, Write as _};

use marketplace::pasted_text;

/// Shows a result, on the standard output. What others wrote cannot steer the terminal.
pub(crate) fn say(text: &str) {
    // If the output is closed, there is nothing to do about it.
    _ = writeln!(io::stdout(), "{}", harmless(text));
}

/// Shows a complaint, on the standard error.
pub(crate) fn warn(text: &str) {
    _ = writeln!(io::stderr(), "{}", harmless(text));
}

/// The text without characters that steer a terminal, and without what cannot be seen there.
pub(crate) fn harmless(text: &str) -> String {
    pasted_text::for_terminal(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_s_name_cannot_steer_the_terminal() {
        assert_eq!(
            harmless("a\u{1b}[2Jb\u{9b}\r\n"),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}\n"
        );
    }

    #[test]
    fn a_company_s_name_cannot_turn_a_line_around_or_hide_in_it() {
        assert_eq!(
            harmless("  \u{202e}Exam\u{200b}ple\u{3164}  x"),
            "  Example  x"
        );
    }
}
