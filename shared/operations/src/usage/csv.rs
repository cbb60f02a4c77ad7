//! The ledger as CSV (RFC 4180), in the columns that Google's usage test compares.

use std::io::{self, Write};

use csv::{Terminator, WriterBuilder};
use jiff::Timestamp;
use marketplace::service_account_page::ServiceName;
use marketplace::{EntitlementId, pasted_text};
use metering::Services;
use store::{ReportState, UsageReport};

use super::ledger::{KnownEntitlement, LedgerRow, UsageLedger};
use super::operation::number;
use crate::error::OperationError;

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

/// Which operations are written.
#[derive(Debug)]
pub struct CsvSelection {
    /// Only windows that begin then or later.
    pub from: Option<Timestamp>,
    /// Only windows that begin before this.
    pub until: Option<Timestamp>,
    /// Only what belongs to this entitlement.
    pub entitlement: Option<EntitlementId>,
    /// Only operations in this state.
    pub state: ReportState,
}

impl UsageLedger {
    /// Writes a page at a time, in no order of time: the ledger may be of any length. Each metric is named by the
    /// service of its product; without one nothing can be compared, so that is an error. What cannot be read is left
    /// out, which is an error once everything else is written.
    pub async fn write_csv(
        &mut self,
        selection: &CsvSelection,
        services: &Services,
        output: impl Write,
    ) -> Result<(), OperationError> {
        let of = selection.entitlement.as_ref();
        if let Some(id) = of {
            self.entitlement(id).await?;
        }
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .from_writer(output);
        writer.write_record(COLUMNS).map_err(not_written)?;
        let (mut after, mut unreadable) = (None, 0_usize);
        loop {
            let page = self.page(selection.state, of, after.as_deref()).await?;
            let rows = page.rows.iter();
            for row in rows.filter(|row| selection.includes(row.report())) {
                let cells = cells(row.report(), service_of(row, services)?);
                writer.write_record(cells).map_err(not_written)?;
            }
            writer.flush()?;
            unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if unreadable > 0 {
            return Err(OperationError::RowsLeftOut(unreadable));
        }
        Ok(())
    }
}

impl CsvSelection {
    /// By its window's beginning, so that files of adjoining times share no row and miss none.
    fn includes(&self, row: &UsageReport) -> bool {
        self.from.is_none_or(|from| from <= row.start)
            && self.until.is_none_or(|until| row.start < until)
    }
}

/// The service of a row's product. Of an entitlement that is not stored or cannot be read nobody knows the product, and
/// the only service is the right one.
fn service_of<'a>(
    row: &LedgerRow,
    services: &'a Services,
) -> Result<&'a ServiceName, OperationError> {
    let service = match row.entitlement.stored() {
        Some(entitlement) => services.of(&entitlement.product),
        None => services.only(),
    };
    service.ok_or_else(|| {
        let id = &row.report().id;
        let of = match &row.entitlement {
            KnownEntitlement::Stored(it) => format!(
                "of the product {}, for which SERVICE_NAME names no service",
                it.product
            ),
            KnownEntitlement::NotStored => unknown_product("is not stored"),
            KnownEntitlement::Unreadable => unknown_product("cannot be read"),
        };
        OperationError::not_applicable(format!("operation {id} is {of}: the CSV is not complete"))
    })
}

fn unknown_product(why: &str) -> String {
    format!("of an entitlement that {why}, so that nobody knows its product")
}

/// Every record has as many cells as there are columns, so that only writing can fail.
fn not_written(error: csv::Error) -> OperationError {
    let error = match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    };
    error.into()
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
    .map(|cell| harmless(&cell))
}

/// How a cell begins that a spreadsheet takes for a formula; the wide characters mean the same to some. A tab and a
/// carriage return would too: a cell is one trimmed line.
pub(crate) const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// One line of what can be seen, and no formula. No cell needs it: times, ids, names of services and quantities
/// cannot begin so. The consumer is Google's, who promises no form.
fn harmless(cell: &str) -> String {
    let cell = pasted_text::line(cell);
    if cell.starts_with(FORMULA) {
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
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "＝1",
            "＋1",
            "－1",
            "＠SUM(A1)",
        ] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for hidden in [
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}\u{202e}=1",
        ] {
            assert_eq!(harmless(hidden), "'=1", "{hidden:?}");
        }
        for plain in ["project_number:123", "0.1", "", "2026-03-01T00:00:00Z"] {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[test]
    fn a_cell_is_one_line_of_what_can_be_seen() {
        assert_eq!(
            harmless("project\u{202e}_\u{3164}number:\r\n1"),
            "project_number: 1"
        );
    }
}
