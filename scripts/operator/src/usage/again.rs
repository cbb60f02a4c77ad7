//! Operations go back to `pending`, from where the next call of `/report` takes them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use store::{Commit, CommitError, ReportState, UsageReport, Version};

use super::ledger::{Ledger, PAGE, Row};
use crate::desk::soon;
use crate::failure::Failure;
use crate::terminal;

/// Operations that are spoken of one by one; more are counted.
const SPOKEN_OF: usize = 20;

/// The longest reason that is kept, in characters: that of what `/report` keeps of Google's.
const REASON: usize = 500;

/// An operation as it is to be, in place of what the operator was asked about.
pub(super) struct Change {
    report: UsageReport,
    version: Version,
}

impl Change {
    /// Back to `pending`, with nothing else changed but the trace that this leaves.
    pub(super) fn back(row: &Row, trace: &str, now: Timestamp) -> Self {
        let before = row.report();
        let next = before
            .updated
            .saturating_add(SignedDuration::from_micros(1));
        Self {
            report: UsageReport {
                state: ReportState::Pending,
                reason: Some(trace.chars().take(REASON).collect()),
                updated: next.unwrap_or(now).max(now),
                ..before.clone()
            },
            version: row.stored.version,
        }
    }

    /// The same, billed to somebody else.
    pub(super) fn to(mut self, consumer: &str) -> Self {
        self.report.consumer = Some(consumer.to_owned());
        self
    }
}

/// The sentences about each operation, a line each, or about as many as somebody reads.
pub(super) fn listed<T>(rows: &[T], sentence: impl Fn(&T) -> String) -> String {
    let sentences = rows.iter().take(SPOKEN_OF).map(sentence);
    let mut lines: Vec<_> = sentences.map(|it| terminal::one_line(&it)).collect();
    let more = rows.len().saturating_sub(SPOKEN_OF);
    if more > 0 {
        lines.push(format!("And {more} more."));
    }
    lines.join("\n")
}

/// Makes the changes, reads again and says what became of the operations.
pub(super) async fn put_back(ledger: &Ledger, changes: &[Change]) -> Result<(), Failure> {
    let mut overtaken = Vec::new();
    for change in changes {
        let commit = Commit::new().replace(&change.report, &change.version);
        match ledger.store.commit(commit, soon()).await {
            Ok(()) => {}
            Err(CommitError::Conflict) => overtaken.push(change),
            Err(error) => return Err(error.into()),
        }
    }
    let now = read_again(ledger, changes).await?;
    let is_ours = |change: &Change| {
        // A commit whose first answer was lost meets itself.
        now.get(&change.report.id) == Some(&change.report)
    };
    overtaken.retain(|change| !is_ours(change));
    let is_lost = |change: &Change| overtaken.iter().any(|it| it.report.id == change.report.id);
    let done: Vec<_> = changes.iter().filter(|change| !is_lost(change)).collect();
    if !done.is_empty() {
        terminal::say(&listed(&done, |change| stands(&change.report.id, &now)));
    }
    if overtaken.is_empty() {
        return Ok(());
    }
    Err(Failure::Overtaken(listed(&overtaken, |change| {
        let stands = stands(&change.report.id, &now);
        format!("somebody else has changed an operation meanwhile, and it was left alone. {stands}")
    })))
}

async fn read_again(
    ledger: &Ledger,
    changes: &[Change],
) -> Result<BTreeMap<String, UsageReport>, Failure> {
    let mut found = BTreeMap::new();
    for changes in changes.chunks(PAGE) {
        let ids: Vec<_> = changes.iter().map(|it| it.report.id.clone()).collect();
        let rows = ledger.store.reports(&ids, soon()).await?;
        let rows = rows.into_iter().flatten().map(|row| row.record);
        found.extend(rows.map(|row| (row.id.clone(), row)));
    }
    Ok(found)
}

/// What the ledger says of an operation now.
fn stands(id: &str, now: &BTreeMap<String, UsageReport>) -> String {
    let Some(row) = now.get(id) else {
        return format!("Operation {id} is in the ledger no more.");
    };
    match (row.state, &row.reason) {
        (ReportState::Pending, _) => format!(
            "Operation {id} is pending now: /report sends it, half a minute from now at the earliest."
        ),
        (ReportState::Refused, Some(reason)) => format!("Operation {id} is refused now: {reason}"),
        (state, _) => format!("Operation {id} is {} now.", state.as_str()),
    }
}
