//! Text that others wrote, within sentences of ours.

use marketplace::pasted_text;

/// What somebody else wrote, on one line and without what cannot be seen: it cannot pass for a line of ours.
pub fn one_line(text: &str) -> String {
    pasted_text::for_terminal(&text.replace('\n', " "))
}

/// `, plan PLAN`, if there is one.
pub(crate) fn with_plan(plan: Option<&marketplace::PlanId>) -> String {
    plan.map_or_else(String::new, |plan| format!(", plan {plan}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_one_line_of_what_is_seen() {
        let written = "Exam\u{202e}ple\u{a0}\u{3164}Ltd\nApproved:  \u{1b}yes";
        assert_eq!(one_line(written), "Example Ltd Approved:  \u{fffd}yes");
    }
}
