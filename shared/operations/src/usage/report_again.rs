//! Operations go back to `pending`, from where the next call of `/report` takes them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use store::{
    Commit, CommitError, JournalEntry, JournalKind, ReportState, Store, StoreUnavailable,
    UsageReport, Version,
};

use super::ledger::{LedgerRow, PAGE};
use crate::actor::Actor;
use crate::clock::Clock;
use crate::decision::{Decision, DecisionOutcome};
use crate::error::OperationError;
use crate::operations::call_deadline;
use crate::text::one_line;

/// Most operations that have a sentence of their own; more are counted.
const SENTENCES: usize = 20;

/// The longest reason that is kept, in characters, as `/report` keeps Google's.
const REASON: usize = 500;

/// Lets operations be reported that were refused or held.
pub struct ReportAgain {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) requests: Vec<ReportRequest>,
    /// What the journal calls it.
    pub(super) kind: JournalKind,
    /// Who decides.
    pub(super) by: Actor,
}

/// An operation that is to be reported, as the operator was asked about it.
#[derive(Debug)]
pub(super) struct ReportRequest {
    pub(super) row: LedgerRow,
    /// Billed to this consumer in place of the present one.
    pub(super) other_consumer: Option<String>,
    /// What happened, such as `released by an operator`. The time stands behind it.
    pub(super) event: &'static str,
    /// What stands behind the time: why it was not reported.
    pub(super) history: String,
}

/// An operation as it is to be stored.
struct PutBack {
    report: UsageReport,
    version: Version,
}

type Reports = BTreeMap<String, UsageReport>;

/// How far writing came.
#[derive(Default)]
struct Written {
    /// So many of them, from the first on, were written or met somebody else's change; the last one may not have been
    /// if there is an error.
    tried: usize,
    /// Those that met somebody else's change.
    conflicts: BTreeSet<String>,
    error: Option<OperationError>,
}

impl ReportAgain {
    /// Writes the operations, reads them again and says what became of them, also of those that were written before
    /// the store failed.
    async fn put_back(&self) -> DecisionOutcome {
        let now = self.clock.stored_now();
        let changes: Vec<_> = self.requests.iter().map(|it| it.put_back(now)).collect();
        let Written {
            tried,
            conflicts,
            error,
        } = self.write(&changes, now).await;
        let tried = changes.get(..tried).unwrap_or(&changes);
        let stored = match read_again(&self.store, tried).await {
            Ok(stored) => stored,
            Err(unread) => {
                return DecisionOutcome {
                    sentences: vec![not_read_again(tried.len())],
                    error: error.or(Some(unread.into())),
                    ..DecisionOutcome::default()
                };
            }
        };
        let is_overtaken = |change: &&PutBack| {
            // A commit whose first answer was lost meets itself.
            let id = &change.report.id;
            conflicts.contains(id) && stored.get(id) != Some(&change.report)
        };
        let (overtaken, done): (Vec<_>, Vec<_>) = tried.iter().partition(is_overtaken);
        let overtaken = overtaken_sentences(&overtaken, &stored);
        let mut sentences = listed(&done, |change| state_now(&change.report.id, &stored));
        let error = match error {
            None => overtaken.map(OperationError::Overtaken),
            Some(error) => {
                sentences.extend(overtaken);
                let left = changes.len() - tried.len();
                sentences.push(format!("Operations that were not touched: {left}."));
                Some(error)
            }
        };
        DecisionOutcome {
            sentences,
            error,
            ..DecisionOutcome::default()
        }
    }

    /// Writes one after the other, until the store fails.
    async fn write(&self, changes: &[PutBack], now: Timestamp) -> Written {
        let mut written = Written::default();
        for change in changes {
            let commit = Commit::new().replace(&change.report, &change.version);
            let commit = self.line(&change.report, now).add_to(commit, None);
            written.tried += 1;
            match self.store.commit(commit, call_deadline()).await {
                Ok(()) => {}
                Err(CommitError::Conflict) => {
                    _ = written.conflicts.insert(change.report.id.clone());
                }
                Err(error) => {
                    written.error = Some(error.into());
                    break;
                }
            }
        }
        written
    }

    /// The line of the journal about an operation.
    fn line(&self, report: &UsageReport, now: Timestamp) -> JournalEntry {
        let (account, order) = (&report.account, &report.entitlement);
        JournalEntry::of_operation(account, order, &report.id, self.kind, now).by(self.by.as_str())
    }
}

impl Decision for ReportAgain {
    async fn carry_out(self) -> DecisionOutcome {
        self.put_back().await
    }
}

impl ReportRequest {
    /// Back to `pending`, with nothing else changed but the consumer and the trace that this leaves.
    fn put_back(&self, now: Timestamp) -> PutBack {
        let before = self.row.report();
        let next = before
            .updated
            .saturating_add(SignedDuration::from_micros(1));
        let trace = format!("{} {now}{}", self.event, self.history);
        let other = self.other_consumer.clone();
        PutBack {
            report: UsageReport {
                state: ReportState::Pending,
                reason: Some(trace.chars().take(REASON).collect()),
                consumer: other.or_else(|| before.consumer.clone()),
                updated: next.unwrap_or(now).max(now),
                ..before.clone()
            },
            version: self.row.stored.version,
        }
    }
}

/// A sentence about each operation on a line of its own, or about as many as somebody reads.
pub(super) fn listed<T>(rows: &[T], sentence: impl Fn(&T) -> String) -> Vec<String> {
    let sentences = rows.iter().take(SENTENCES).map(sentence);
    let mut lines: Vec<_> = sentences.map(|it| one_line(&it)).collect();
    let more = rows.len().saturating_sub(SENTENCES);
    if more > 0 {
        lines.push(format!("And {more} more."));
    }
    lines
}

fn overtaken_sentences(overtaken: &[&PutBack], stored: &Reports) -> Option<String> {
    let sentences = listed(overtaken, |change| {
        let state = state_now(&change.report.id, stored);
        format!("somebody else has changed an operation meanwhile, and it was left alone. {state}")
    });
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

fn not_read_again(tried: usize) -> String {
    format!(
        "Operations that were written, or may have been: {tried}. What the ledger says of them now could not be read."
    )
}

async fn read_again(store: &Store, changes: &[PutBack]) -> Result<Reports, StoreUnavailable> {
    let mut found = BTreeMap::new();
    for changes in changes.chunks(PAGE) {
        let ids: Vec<_> = changes.iter().map(|it| it.report.id.clone()).collect();
        let rows = store.reports(&ids, call_deadline()).await?;
        let rows = rows.into_iter().flatten().map(|row| row.record);
        found.extend(rows.map(|row| (row.id.clone(), row)));
    }
    Ok(found)
}

/// What the ledger says of an operation now.
fn state_now(id: &str, stored: &Reports) -> String {
    let Some(row) = stored.get(id) else {
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
