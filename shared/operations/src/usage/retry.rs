//! What Google refused is reported again, once its cause is repaired.

use std::collections::BTreeSet;

use marketplace::EntitlementId;
use store::{JournalKind, ReportState, UsageReport};

use super::ledger::{LedgerRow, LedgerRows, UsageLedger};
use super::operation::described;
use super::report_again::{ReportAgain, ReportRequest, listed};
use crate::actor::Actor;
use crate::decision::Prepared;
use crate::error::OperationError;
use crate::next_step::NextStep;

/// Which operations are reported again.
#[derive(Debug)]
pub enum RefusedUsage {
    /// Those with these ids.
    Named(Vec<String>),
    /// Everything that Google refused.
    All,
    /// Everything that Google refused of this entitlement.
    Of(EntitlementId),
}

/// Who is billed for what is reported again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BilledConsumer {
    /// The consumer for whom Google refused it.
    AsBefore,
    /// The consumer that the entitlement has now.
    Current,
}

/// What was asked for, sorted by whether there is something to decide.
pub(super) struct SortedRows {
    pub(super) notes: Vec<String>,
    pub(super) rows: Vec<LedgerRow>,
}

impl UsageLedger {
    /// Lets refused operations be reported again, with the same ids and content.
    pub async fn retry(
        &mut self,
        refused: RefusedUsage,
        consumer: BilledConsumer,
        by: &Actor,
    ) -> Result<Prepared<ReportAgain>, OperationError> {
        let SortedRows { notes, rows } = match refused {
            RefusedUsage::Named(ids) => {
                sorted(self.named(&unique(ids)).await?, ReportState::Refused)?
            }
            RefusedUsage::All => self.all_refused(None).await?,
            RefusedUsage::Of(id) => {
                self.entitlement(&id).await?;
                self.all_refused(Some(&id)).await?
            }
        };
        if rows.is_empty() {
            return Ok(Prepared::nothing(notes));
        }
        if consumer == BilledConsumer::Current {
            expect_consumers(&rows)?;
        }
        let requests: Vec<_> = rows.into_iter().map(|row| request(row, consumer)).collect();
        let sentences = listed(&requests, sentence).join("\n");
        let intention = format!(
            "{sentences}\nOperations that are reported again, each with the same id and content: {}.",
            requests.len()
        );
        let decision = ReportAgain {
            store: self.store.clone(),
            clock: self.clock,
            requests,
            kind: JournalKind::UsageRetried,
            by: by.clone(),
        };
        Ok(Prepared::proposal(notes, intention, decision))
    }

    async fn all_refused(
        &mut self,
        of: Option<&EntitlementId>,
    ) -> Result<SortedRows, OperationError> {
        let LedgerRows { rows, unreadable } = self.all(ReportState::Refused, of).await?;
        let left = (unreadable > 0)
            .then(|| format!("{unreadable} refused operations cannot be read, and are left out."));
        let none = (rows.is_empty() && unreadable == 0).then(|| "Nothing is refused.".to_owned());
        let notes = left.into_iter().chain(none).collect();
        Ok(SortedRows { notes, rows })
    }
}

/// Each id once, in any order.
pub(super) fn unique(operations: Vec<String>) -> Vec<String> {
    let unique: BTreeSet<_> = operations.into_iter().collect();
    unique.into_iter().collect()
}

/// Those that are in a state. One that cannot be in it is an error, so that nothing is done about the
/// others.
pub(super) fn sorted(
    rows: Vec<LedgerRow>,
    wanted: ReportState,
) -> Result<SortedRows, OperationError> {
    let (mut notes, mut found) = (Vec::new(), Vec::new());
    for row in rows {
        let id = row.report().id.clone();
        match row.report().state {
            state if state == wanted => found.push(row),
            ReportState::Pending => notes.push(format!(
                "Operation {id} is pending: /report sends it again by itself."
            )),
            ReportState::Reported => {
                return Err(OperationError::not_applicable(format!(
                    "operation {id} is reported: Google has counted it, and would bill it once more"
                )));
            }
            ReportState::Held => {
                let reason = format!("operation {id} is held, and was not refused");
                return Err(OperationError::instead(reason, NextStep::ReleaseUsage(id)));
            }
            ReportState::Refused => {
                let reason = format!("operation {id} was refused, and is not held");
                return Err(OperationError::instead(reason, NextStep::RetryUsage(id)));
            }
        }
    }
    Ok(SortedRows { notes, rows: found })
}

fn expect_consumers(rows: &[LedgerRow]) -> Result<(), OperationError> {
    let Some(without) = rows.iter().find(|row| row.current_consumer().is_none()) else {
        return Ok(());
    };
    let UsageReport {
        entitlement, id, ..
    } = without.report();
    Err(OperationError::not_applicable(format!(
        "entitlement {entitlement} has no usageReportingId in the store, so there is no other \
         consumer for operation {id}"
    )))
}

fn request(row: LedgerRow, consumer: BilledConsumer) -> ReportRequest {
    let report = row.report();
    let (before, refused) = (report.consumer.as_deref(), reason(report));
    // Another consumer only where one is asked for, and there is another one.
    let current = row.current_consumer();
    let current = current.filter(|_| consumer == BilledConsumer::Current);
    let other = current.filter(|it| before != Some(*it)).map(str::to_owned);
    let elsewhere = match &other {
        Some(_) => format!(", to another consumer than {}", before.unwrap_or("nobody")),
        None => String::new(),
    };
    let history = format!("{elsewhere}; it was refused: {refused}");
    ReportRequest {
        row,
        other_consumer: other,
        event: "retried by an operator",
        history,
    }
}

fn sentence(request: &ReportRequest) -> String {
    let row = request.row.report();
    let (id, what, times) = (&row.id, described(row), row.attempts);
    let consumer = row.consumer.as_deref().unwrap_or("nobody");
    let billed = match &request.other_consumer {
        None => format!("billed to {consumer}."),
        Some(other) if times > 1 => format!(
            "billed to {other} in place of {consumer}. It was sent to Google {times} times: if an \
             answer was lost, {consumer} may have been billed already."
        ),
        Some(other) => format!("billed to {other} in place of {consumer}."),
    };
    let why = reason(row);
    format!("Operation {id} is reported again: {what}, {billed} Google refused it: {why}")
}

/// Why an operation is in its state, as its row says.
pub(super) fn reason(row: &UsageReport) -> &str {
    row.reason.as_deref().unwrap_or("without a reason")
}
