//! Decisions that Google carries out: one line before it is asked, and another one once it is known what came of it.
//! If the operator's command ends between the two, the first line stays. Lines are never changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId};

use super::journal::line_id;
use crate::JournalEntry;

/// The detail that says how far a decision is.
const OUTCOME: &str = "outcome";

/// The detail of the second line that names the first one by its id.
const ASKED_IN: &str = "asked_in";

const ASKED: &str = "asked";
const TAKEN: &str = "taken";
const NOT_TAKEN: &str = "not-taken";

impl JournalEntry {
    /// The line as it is written before Google is asked.
    #[must_use]
    pub fn asked(self) -> Self {
        self.with(OUTCOME, ASKED)
    }

    /// The line that says that Google took what this one had asked for.
    #[must_use]
    pub fn taken(&self, at: Timestamp) -> Self {
        self.answered(TAKEN, at)
    }

    /// The line that says that Google did not take what this one had asked for.
    #[must_use]
    pub fn not_taken(&self, at: Timestamp) -> Self {
        self.answered(NOT_TAKEN, at)
    }

    fn answered(&self, outcome: &str, at: Timestamp) -> Self {
        let subject = self
            .account
            .as_ref()
            .map(ProcurementAccountId::percent_encoded);
        let subject = subject.as_deref().unwrap_or("-");
        let order = self.order.as_ref().map_or("", EntitlementId::as_str);
        let parts = [self.kind.as_str(), order, ASKED_IN, self.id.as_str()];
        Self {
            id: line_id(subject, at, &parts),
            at,
            details: BTreeMap::new(),
            ..self.clone()
        }
        .with(ASKED_IN, &self.id)
        .with(OUTCOME, outcome)
    }

    /// The lines as people read them, a decision in one line. What Google took is a line like any other, and what it
    /// did not take is none. A line with the outcome `asked` was cut off: whether Google took it, nobody has recorded.
    pub fn decided(lines: Vec<Self>) -> Vec<Self> {
        let (answers, lines): (Vec<_>, Vec<_>) = lines
            .into_iter()
            .partition(|line| line.details.contains_key(ASKED_IN));
        let answers: BTreeMap<_, _> = answers
            .iter()
            .filter_map(|line| Some((line.details.get(ASKED_IN)?, line.details.get(OUTCOME)?)))
            .collect();
        let lines = lines.into_iter().filter_map(|mut line| {
            match answers.get(&line.id).map(|outcome| outcome.as_str()) {
                Some(TAKEN) => {
                    line.details.remove(OUTCOME);
                }
                Some(NOT_TAKEN) => return None,
                _ => {}
            }
            Some(line)
        });
        lines.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JournalKind;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_microsecond(micros).unwrap()
    }

    fn line() -> JournalEntry {
        let account = ProcurementAccountId::parse("A-1").unwrap();
        let order = EntitlementId::parse("E-1").unwrap();
        let kind = JournalKind::PlanChangeApproved;
        let line = JournalEntry::of_order(&account, &order, kind, at(5));
        line.by("operator@vendor.example").with("plan", "premium")
    }

    #[test]
    fn a_decision_that_google_took_is_one_line() {
        let asked = line().asked();
        let lines = vec![asked.clone(), asked.taken(at(5))];
        assert_ne!(lines[0].id, lines[1].id);
        assert_eq!(JournalEntry::decided(lines), [line()]);
    }

    #[test]
    fn a_decision_that_google_did_not_take_is_none() {
        let asked = line().asked();
        let lines = vec![asked.not_taken(at(6)), asked];
        assert_eq!(JournalEntry::decided(lines), []);
    }

    #[test]
    fn a_decision_that_was_cut_off_says_so() {
        let asked = line().asked();
        assert_eq!(asked.details["outcome"], "asked");
        let lines = JournalEntry::decided(vec![asked.clone()]);
        assert_eq!(lines, [asked]);
    }

    #[test]
    fn every_other_line_is_left_alone() {
        let account = ProcurementAccountId::parse("A-1").unwrap();
        let other = JournalEntry::of_account(&account, JournalKind::Announced, at(7)).asked();
        let lines = vec![line(), other.not_taken(at(8))];
        assert_eq!(JournalEntry::decided(lines), [line()]);
    }

    #[test]
    fn an_outcome_sorts_after_what_was_asked_and_names_who_decided() {
        let asked = line().asked();
        let taken = asked.taken(at(6));
        assert!(asked.id < taken.id);
        assert_eq!((&taken.actor, &taken.order), (&asked.actor, &asked.order));
        assert_eq!(taken.details["asked_in"], asked.id);
    }
}
