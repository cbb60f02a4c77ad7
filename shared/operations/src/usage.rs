//! Usage: what is on its way to Google, what is stuck, and what was reported.

mod csv;
mod ledger;
mod operation;
mod overview;
mod release;
mod report_again;
mod retry;
mod windows;

pub use self::csv::CsvSelection;
pub(crate) use self::csv::FORMULA;
pub use self::ledger::UsageLedger;
pub use self::operation::UsageOperation;
pub(crate) use self::operation::number;
pub use self::overview::{UsageOverview, UsageQuery};
pub use self::report_again::ReportAgain;
pub use self::retry::{BilledConsumer, RefusedUsage};
pub use self::windows::{UnfinishedClosing, UsageWindow};
