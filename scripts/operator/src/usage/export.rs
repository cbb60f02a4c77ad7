//! The ledger as CSV (RFC 4180), in the columns that Google's usage test compares.

use std::io::{self, ErrorKind, Write};

use csv::{Terminator, Writer, WriterBuilder};
use marketplace::service_account_page::ServiceName;
use store::UsageReport;

use super::ledger::{Ledger, Row};
use super::operation::number;
use crate::arguments::Export;
use crate::failure::Failure;
use crate::terminal;

/// The columns. `time` is when Google's answer was stored.
const COLUMNS: [&str; 7] = [
    "time",
    "operation_id",
    "start",
    "end",
    "consumer",
    "metric",
    "value",
];

/// A file without any row would look as if nothing had been used.
pub(super) fn check(wanted: &Export) -> Result<(), Failure> {
    match (wanted.from, wanted.until) {
        (Some(from), Some(until)) if from >= until => {
            Err(Failure::Arguments("--from must be before --until"))
        }
        _ => Ok(()),
    }
}

/// Writes a page at a time, in no order of time: the ledger may be of any length.
pub(super) async fn write(
    ledger: &mut Ledger,
    wanted: &Export,
    service: &ServiceName,
) -> Result<(), Failure> {
    if let Some(id) = &wanted.entitlement {
        ledger.entitlement(id).await?;
    }
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(io::stdout());
    let written = pages(ledger, wanted, service, &mut writer).await;
    match written {
        // Nobody listens any more, as with `head`.
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(failure) => {
            terminal::warn("operator: the CSV is not complete");
            Err(failure)
        }
        Ok(()) => Ok(()),
    }
}

async fn pages(
    ledger: &mut Ledger,
    wanted: &Export,
    service: &ServiceName,
    writer: &mut Writer<impl Write>,
) -> Result<(), Failure> {
    writer.write_record(COLUMNS).map_err(unwritten)?;
    let mut after = None;
    loop {
        let of = wanted.entitlement.as_ref();
        let page = ledger.page(wanted.state, of, after.as_deref()).await?;
        let rows = page.rows.iter().map(Row::report);
        for row in rows.filter(|row| is_within(wanted, row)) {
            let cells = cells(row, service);
            writer.write_record(cells).map_err(unwritten)?;
        }
        writer.flush()?;
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Every record has as many cells as there are columns, so that only writing can fail.
fn unwritten(error: csv::Error) -> Failure {
    let error = match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    };
    Failure::Output(error)
}

/// By its window's beginning, so that files of adjoining times share no row and miss none.
fn is_within(wanted: &Export, row: &UsageReport) -> bool {
    wanted.from.is_none_or(|from| from <= row.start)
        && wanted.until.is_none_or(|until| row.start < until)
}

fn cells(row: &UsageReport, service: &ServiceName) -> [String; 7] {
    let value = row.value.map(|value| number(value).to_string());
    [
        row.updated.to_string(),
        row.id.clone(),
        row.start.to_string(),
        row.end.to_string(),
        row.consumer.clone().unwrap_or_default(),
        row.metric.in_service(service.as_str()),
        value.unwrap_or_default(),
    ]
    .map(harmless)
}

/// A spreadsheet takes what begins like this for a formula. No cell does: times, ids, names of
/// services and quantities cannot. The consumer is Google's, who promises no form.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(formula.to_owned()), format!("'{formula}"));
        }
        for plain in ["project_number:123", "0.1", "", "2026-03-01T00:00:00Z"] {
            assert_eq!(harmless(plain.to_owned()), plain);
        }
    }
}
