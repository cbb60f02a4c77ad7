//! What Google refused is reported again, once its cause is mended.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::{ReportState, UsageReport};

use super::again::{Change, listed, put_back};
use super::ledger::{Ledger, Row};
use super::operation::described;
use crate::arguments::Retry;
use crate::failure::Failure;
use crate::terminal::{self, Assent};

pub(super) async fn retry(
    ledger: &mut Ledger,
    assent: Assent,
    wanted: Retry,
) -> Result<(), Failure> {
    let rows = if wanted.all_refused {
        let of = wanted.entitlement.as_ref();
        if let Some(id) = of {
            ledger.entitlement(id).await?;
        }
        let rows = ledger.all(ReportState::Refused, of).await?;
        if rows.is_empty() {
            terminal::say("Nothing is refused.");
        }
        rows
    } else {
        refused(ledger.named(&unique(wanted.operations)).await?)?
    };
    if rows.is_empty() {
        return Ok(());
    }
    if wanted.current_consumer {
        expect_consumers(&rows)?;
    }
    // Another consumer only where one is asked for, and there is another one.
    let replacing = |row: &Row| {
        let current = row.current_consumer().filter(|_| wanted.current_consumer);
        let present = row.report().consumer.as_deref();
        current.filter(|it| present != Some(*it)).map(str::to_owned)
    };
    let count = rows.len();
    let sentences = listed(&rows, |row| {
        sentence(row.report(), replacing(row).as_deref())
    });
    assent.agree(&format!(
        "{sentences}\nOperations that are reported again, each with the same id and content: {count}."
    ))?;
    let now = Timestamp::now();
    let changes = rows.iter().map(|row| change(row, replacing(row), now));
    put_back(ledger, &changes.collect::<Vec<_>>()).await
}

/// Each id once, in any order.
pub(super) fn unique(operations: Vec<String>) -> Vec<String> {
    let unique: BTreeSet<_> = operations.into_iter().collect();
    unique.into_iter().collect()
}

/// Those that can be retried, if nothing speaks against any of them.
fn refused(rows: Vec<Row>) -> Result<Vec<Row>, Failure> {
    let mut refused = Vec::new();
    for row in rows {
        let id = &row.report().id;
        match row.report().state {
            ReportState::Refused => refused.push(row),
            ReportState::Pending => say_pending(id),
            ReportState::Reported => {
                return Err(Failure::Unfit(format!(
                    "operation {id} is reported: Google has counted it, and would bill it once more"
                )));
            }
            ReportState::Held => {
                return Err(Failure::Unfit(format!(
                    "operation {id} is held, and was not refused: operator usage release {id}"
                )));
            }
        }
    }
    Ok(refused)
}

pub(super) fn say_pending(id: &str) {
    terminal::say(&format!(
        "Operation {id} is pending: /report sends it again by itself."
    ));
}

fn expect_consumers(rows: &[Row]) -> Result<(), Failure> {
    let Some(without) = rows.iter().find(|row| row.current_consumer().is_none()) else {
        return Ok(());
    };
    Err(Failure::Unfit(format!(
        "entitlement {} has no usageReportingId in the store, so there is no other consumer for \
         operation {}",
        without.report().entitlement,
        without.report().id
    )))
}

fn sentence(row: &UsageReport, other: Option<&str>) -> String {
    let (id, what, times) = (&row.id, described(row), row.attempts);
    let consumer = row.consumer.as_deref().unwrap_or("nobody");
    let why = row.reason.as_deref().unwrap_or("without a reason");
    let billed = match other {
        None => format!("billed to {consumer}."),
        Some(other) if times > 1 => format!(
            "billed to {other} in place of {consumer}. Google was told {times} times: if an answer \
             was lost, {consumer} may have been billed already."
        ),
        Some(other) => format!("billed to {other} in place of {consumer}."),
    };
    format!("Operation {id} is reported again: {what}, {billed} Google refused it: {why}")
}

fn change(row: &Row, other: Option<String>, now: Timestamp) -> Change {
    let report = row.report();
    let refused = report.reason.as_deref().unwrap_or("without a reason");
    match other {
        None => {
            let trace = format!("retried by an operator {now}; it was refused: {refused}");
            Change::back(row, &trace, now)
        }
        Some(other) => {
            let before = report.consumer.as_deref().unwrap_or("nobody");
            let trace = format!(
                "retried by an operator {now}, to another consumer than {before}; it was refused: \
                 {refused}"
            );
            Change::back(row, &trace, now).to(&other)
        }
    }
}
