//! What is held is reported after all.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use marketplace::EntitlementId;
use store::{JournalKind, ReportState, StoreUnavailable};

use super::ledger::{LedgerRow, PAGE, UsageLedger};
use super::operation::described;
use super::report_again::{ReportAgain, ReportRequest, listed};
use super::retry::{SortedRows, reason, sorted, unique};
use crate::actor::Actor;
use crate::decision::Prepared;
use crate::error::OperationError;
use crate::operations::call_deadline;

/// When entitlements ended.
type Ends = BTreeMap<EntitlementId, Timestamp>;

impl UsageLedger {
    /// Lets held operations be reported.
    pub async fn release(
        &mut self,
        operations: Vec<String>,
        by: &Actor,
    ) -> Result<Prepared<ReportAgain>, OperationError> {
        let rows = self.named(&unique(operations)).await?;
        let SortedRows { notes, rows } = sorted(rows, ReportState::Held)?;
        if rows.is_empty() {
            return Ok(Prepared::nothing(notes));
        }
        rows.iter().try_for_each(expect_billable)?;
        let ends = self.ends(&rows).await?;
        let sentences = listed(&rows, |row| sentence(row, &ends)).join("\n");
        let intention = format!(
            "{sentences}\nHeld operations that are reported, for Google to bill them: {}.",
            rows.len()
        );
        let requests = rows.into_iter().map(|row| ReportRequest {
            history: format!("; it was held: {}", reason(row.report())),
            row,
            other_consumer: None,
            event: "released by an operator",
        });
        let decision = ReportAgain {
            store: self.store.clone(),
            clock: self.clock,
            requests: requests.collect(),
            kind: JournalKind::UsageReleased,
            by: by.clone(),
        };
        Ok(Prepared::proposal(notes, intention, decision))
    }

    /// When the entitlements of these operations ended, as far as they did.
    async fn ends(&self, rows: &[LedgerRow]) -> Result<Ends, StoreUnavailable> {
        let ids: BTreeSet<_> = rows.iter().map(|row| &row.report().entitlement).collect();
        let ids: Vec<_> = ids.into_iter().cloned().collect();
        let mut ends = Ends::new();
        for ids in ids.chunks(PAGE) {
            let meters = self.store.meters(ids, call_deadline()).await?;
            let meters = meters.into_iter().flatten().map(|meter| meter.record);
            ends.extend(meters.filter_map(|meter| Some((meter.entitlement, meter.ended?))));
        }
        Ok(ends)
    }
}

fn expect_billable(row: &LedgerRow) -> Result<(), OperationError> {
    let report = row.report();
    let id = &report.id;
    if report.value.is_none() {
        return Err(OperationError::not_applicable(format!(
            "operation {id} has no value that could be reported: its records add up to 2^63 or \
             more, so that some of them are wrong. Let the application record again what was really \
             used, under other idempotency keys; that goes into the open window"
        )));
    }
    if consumer(row).is_none() {
        return Err(OperationError::not_applicable(format!(
            "operation {id} cannot be billed to anybody: entitlement {} has no usageReportingId",
            report.entitlement
        )));
    }
    Ok(())
}

/// Who is billed for a held operation.
fn consumer(row: &LedgerRow) -> Option<&str> {
    let own = row.report().consumer.as_deref();
    own.or(row.current_consumer())
}

fn sentence(row: &LedgerRow, ends: &Ends) -> String {
    let report = row.report();
    let (id, what, why) = (&report.id, described(report), reason(report));
    let consumer = consumer(row).unwrap_or("nobody");
    let end = ends.get(&report.entitlement);
    let after = end.filter(|end| **end <= report.start).map(|end| {
        format!(
            " The entitlement ended {end}, and Google documents nowhere whether it bills what was \
             used later: it may refuse it."
        )
    });
    let after = after.unwrap_or_default();
    format!("Operation {id} is reported: {what}, billed to {consumer}. It was held: {why}.{after}")
}
