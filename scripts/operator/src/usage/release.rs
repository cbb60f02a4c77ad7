//! What is held is reported after all.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use store::{ReportState, StoreUnavailable};

use super::again::{Change, listed, put_back};
use super::ledger::{Ledger, PAGE, Row};
use super::operation::described;
use super::retry::{say_pending, unique};
use crate::desk::soon;
use crate::failure::Failure;
use crate::terminal::Assent;

/// A held operation, and the end of its entitlement if its window begins after that.
struct Held {
    row: Row,
    ended: Option<Timestamp>,
}

pub(super) async fn release(
    ledger: &mut Ledger,
    assent: Assent,
    operations: Vec<String>,
) -> Result<(), Failure> {
    let rows = held(ledger.named(&unique(operations)).await?)?;
    if rows.is_empty() {
        return Ok(());
    }
    let rows = with_ends(ledger, rows).await?;
    let sentences = listed(&rows, sentence);
    let count = rows.len();
    assent.agree(&format!(
        "{sentences}\nHeld operations that are reported, for Google to bill them: {count}."
    ))?;
    let now = Timestamp::now();
    let changes = rows.iter().map(|Held { row, .. }| {
        let held = row.report().reason.as_deref().unwrap_or("without a reason");
        let trace = format!("released by an operator {now}; it was held: {held}");
        Change::back(row, &trace, now)
    });
    put_back(ledger, &changes.collect::<Vec<_>>()).await
}

/// Those that can be released, if nothing speaks against any of them.
fn held(rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
    let mut held = Vec::new();
    for row in rows {
        let report = row.report();
        let id = &report.id;
        let problem = match report.state {
            ReportState::Pending => {
                say_pending(id);
                continue;
            }
            ReportState::Reported => "is reported, and was billed".to_owned(),
            ReportState::Refused => {
                format!("was refused, and is not held: operator usage retry {id}")
            }
            ReportState::Held if report.value.is_none() => {
                "has no value that Google can be told: its records add up to 2^63 or more, so that \
                 some of them are wrong. Let the application record again what was really used, \
                 under other idempotency keys; that goes into the open window"
                    .to_owned()
            }
            ReportState::Held
                if report
                    .consumer
                    .as_deref()
                    .or(row.current_consumer())
                    .is_none() =>
            {
                format!(
                    "cannot be billed to anybody: entitlement {} has no usageReportingId",
                    report.entitlement
                )
            }
            ReportState::Held => {
                held.push(row);
                continue;
            }
        };
        return Err(Failure::Unfit(format!("operation {id} {problem}")));
    }
    Ok(held)
}

/// Finds out which of them are about time after their entitlement's end.
async fn with_ends(ledger: &Ledger, rows: Vec<Row>) -> Result<Vec<Held>, StoreUnavailable> {
    let ids: BTreeSet<_> = rows.iter().map(|row| &row.report().entitlement).collect();
    let ids: Vec<_> = ids.into_iter().cloned().collect();
    let mut ends = BTreeMap::new();
    for ids in ids.chunks(PAGE) {
        let meters = ledger.store.meters(ids, soon()).await?;
        let meters = meters.into_iter().flatten().map(|meter| meter.record);
        ends.extend(meters.filter_map(|meter| Some((meter.entitlement, meter.ended?))));
    }
    let held = rows.into_iter().map(|row| {
        let end = ends.get(&row.report().entitlement).copied();
        let ended = end.filter(|end| *end <= row.report().start);
        Held { row, ended }
    });
    Ok(held.collect())
}

fn sentence(held: &Held) -> String {
    let row = held.row.report();
    let (id, what) = (&row.id, described(row));
    let consumer = row.consumer.as_deref().or(held.row.current_consumer());
    let consumer = consumer.unwrap_or("nobody");
    let why = row.reason.as_deref().unwrap_or("without a reason");
    let after = held.ended.map(|end| {
        format!(
            " The entitlement ended {end}, and Google documents nowhere whether it bills what was \
             used later: it may refuse it."
        )
    });
    let after = after.unwrap_or_default();
    format!("Operation {id} is reported: {what}, billed to {consumer}. It was held: {why}.{after}")
}
