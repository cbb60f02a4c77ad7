//! `operator usage`.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use marketplace::EntitlementId;
use operations::{BilledConsumer, CsvSelection, RefusedUsage, UsageQuery};
use store::ReportState;
use uuid::Uuid;

use super::entitlement;
use crate::error::CommandError;

/// A command about usage; without one, the list is shown.
#[derive(Debug, Args)]
pub(crate) struct UsageArguments {
    #[command(subcommand)]
    pub(crate) command: Option<UsageCommand>,
    #[command(flatten)]
    pub(crate) list: UsageListArguments,
}

#[derive(Debug, Args)]
pub(crate) struct UsageListArguments {
    /// Write JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
    /// List also windows that are in order, what has been held for long, and every line
    #[arg(long)]
    all: bool,
    /// List only what belongs to this entitlement
    #[arg(long, value_name = "ID", value_parser = entitlement)]
    entitlement: Option<EntitlementId>,
}

impl UsageListArguments {
    /// Whether any option of the list is given.
    pub(crate) fn is_given(&self) -> bool {
        self.json || self.all || self.entitlement.is_some()
    }

    pub(crate) fn query(self) -> UsageQuery {
        UsageQuery {
            entitlement: self.entitlement,
            all: self.all,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum UsageCommand {
    /// Let refused operations be reported again, with the same ids and content
    Retry(RetryArguments),
    /// Let held operations be reported
    Release {
        /// What `operator usage` lists as held
        #[arg(required = true, value_name = "OPERATION_ID", value_parser = operation)]
        operations: Vec<String>,
    },
    /// Write what was reported as CSV, in the columns that Google's usage test compares
    Csv(CsvArguments),
}

#[derive(Debug, Args)]
pub(crate) struct RetryArguments {
    /// What `operator usage` lists as refused
    #[arg(
        value_name = "OPERATION_ID",
        value_parser = operation,
        required_unless_present = "all_refused",
        conflicts_with = "all_refused"
    )]
    operations: Vec<String>,
    /// Retry everything that Google refused
    #[arg(long)]
    all_refused: bool,
    /// Of everything, only what belongs to this entitlement
    #[arg(
        long,
        value_name = "ID",
        value_parser = entitlement,
        requires = "all_refused",
        conflicts_with = "operations"
    )]
    entitlement: Option<EntitlementId>,
    /// Report to the consumer that the entitlement has now, where Google refused another one
    #[arg(long)]
    current_consumer: bool,
}

/// Which operations are written.
#[derive(Debug, Args)]
pub(crate) struct CsvArguments {
    /// Only windows that begin then or later, such as 2026-03-01T00:00:00-08:00
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Timestamp>,
    /// Only windows that begin before this
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// Only what belongs to this entitlement
    #[arg(long, value_name = "ID", value_parser = entitlement)]
    entitlement: Option<EntitlementId>,
    /// reported, pending, refused or held
    #[arg(long, default_value = "reported", value_parser = state)]
    state: ReportState,
}

impl RetryArguments {
    pub(crate) fn billed_consumer(&self) -> BilledConsumer {
        if self.current_consumer {
            BilledConsumer::Current
        } else {
            BilledConsumer::AsBefore
        }
    }

    pub(crate) fn refused(self) -> RefusedUsage {
        match self.entitlement {
            _ if !self.all_refused => RefusedUsage::Named(self.operations),
            None => RefusedUsage::All,
            Some(entitlement) => RefusedUsage::Of(entitlement),
        }
    }
}

impl CsvArguments {
    /// A file without any row would look as if nothing had been used.
    pub(crate) fn selection(self) -> Result<CsvSelection, CommandError> {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from >= until
        {
            return Err(CommandError::Arguments("--from must be before --until"));
        }
        Ok(CsvSelection {
            from: self.from,
            until: self.until,
            entitlement: self.entitlement,
            state: self.state,
        })
    }
}

/// An operation's id as the ledger writes it.
fn operation(text: &str) -> Result<String, &'static str> {
    let expected = "expected an operation's id, such as 2e4b0f5a-8d0f-5a3c-9b0e-0d8f2b6c7a11";
    let id = Uuid::try_parse(text).map_err(|_| expected)?;
    Ok(id.to_string())
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    let expected = "expected a time with its offset, such as 2026-03-01T00:00:00-08:00";
    text.parse().map_err(|_| expected)
}

fn state(text: &str) -> Result<ReportState, &'static str> {
    [
        ReportState::Reported,
        ReportState::Pending,
        ReportState::Refused,
        ReportState::Held,
    ]
    .into_iter()
    .find(|state| state.as_str() == text)
    .ok_or("expected reported, pending, refused or held")
}
