//! Shows what the checks found, and counts it.

use operations::one_line;

use super::finding::{Advice, Finding};
use crate::error::CommandError;
use crate::terminal::say;

/// Counts what was found, and shows it.
#[derive(Debug, Default)]
pub(super) struct Report {
    problems: usize,
    unknown: usize,
}

impl Report {
    /// Begins a report on this project.
    pub(super) fn of(project: &str) -> Self {
        say(&format!(
            "Project {project}. Commands below are for it: gcloud config set project {project}"
        ));
        Self::default()
    }

    /// Shows what a check found.
    pub(super) fn add(&mut self, check: &str, findings: Vec<Finding>) {
        for finding in findings {
            match &finding {
                Finding::Fine(_) => {}
                Finding::Problem(_) => self.problems += 1,
                Finding::Unknown(_) => self.unknown += 1,
            }
            say(&text(check, &finding));
        }
    }

    /// Success only if everything was checked and is well.
    pub(super) fn end(self) -> Result<(), CommandError> {
        match (self.problems, self.unknown) {
            (0, 0) => Ok(()),
            (0, unknown) => Err(CommandError::Unchecked(unknown)),
            (problems, unknown) => Err(CommandError::ProblemsFound { problems, unknown }),
        }
    }
}

fn text(check: &str, finding: &Finding) -> String {
    match finding {
        Finding::Fine(text) => format!("ok         {check}: {}", one_line(text)),
        Finding::Problem(advice) => advised("problem    ", check, advice),
        Finding::Unknown(advice) => advised("not known  ", check, advice),
    }
}

fn advised(verdict: &str, check: &str, advice: &Advice) -> String {
    let fix: Vec<_> = advice.fix.lines().collect();
    format!(
        "{verdict}{check}: {}\n           → {}",
        one_line(&advice.cause),
        fix.join("\n             ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_and_its_fix_below() {
        let wrong = Finding::problem("it is\nwrong", "set it\nor wait");
        let fix = "           → set it\n             or wait";
        let unknown = Finding::unknown("no answer", "look again");
        for (finding, shown) in [
            (Finding::fine("right"), "ok         clock: right"),
            (wrong, &format!("problem    clock: it is wrong\n{fix}")),
            (
                unknown,
                "not known  clock: no answer\n           → look again",
            ),
        ] {
            assert_eq!(text("clock", &finding), shown);
        }
    }

    #[test]
    fn a_problem_outweighs_what_is_not_known() {
        let ended = |problems, unknown| Report { problems, unknown }.end();
        assert!(ended(0, 0).is_ok());
        let codes = [(0, 1), (1, 0), (2, 1)].map(|(a, b)| ended(a, b).unwrap_err().exit_code());
        assert_eq!(codes, [69, 1, 1]);
    }
}
