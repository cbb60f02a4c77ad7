//! The arguments of the commands about what is stored.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use marketplace::ProcurementAccountId;

use super::{account, reason};

/// What needs the store, and partly the Procurement API.
#[derive(Debug, Subcommand)]
pub(crate) enum RecordsCommand {
    /// Show what happened to customers, and who decided it
    Journal {
        /// Only what is about this account
        #[arg(value_parser = account)]
        account: Option<ProcurementAccountId>,
        /// Write JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// List the accounts and orders that Google does not find; accept that they are gone
    Absences(AbsencesArguments),
    /// List closed accounts and when their users' data is erased; erase it now, or keep it
    #[command(subcommand)]
    Erase(EraseCommand),
    /// Publish the present state of an account, or of all, to your application again: also stops, and that it has to erase
    Announce {
        /// Only this account
        #[arg(value_parser = account)]
        account: Option<ProcurementAccountId>,
    },
    /// Bring in what another integration knows of customers
    #[command(subcommand)]
    Import(ImportCommand),
    /// Write everything that is stored of an account, or of all, as JSON lines
    Export {
        /// Only this account
        #[arg(value_parser = account)]
        account: Option<ProcurementAccountId>,
    },
    /// Give the store to the provider in `PROCUREMENT_PROVIDER`; what belongs to the one before is set aside
    AdoptProvider,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Link the users of a CSV file to their accounts: all of its lines, or none
    #[command(after_help = LINKS)]
    Links {
        /// The file, or `-` for the standard input, with --yes
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// What the file looks like.
const LINKS: &str = "\
account,user,company,name,email
d4e5f6a7-…,108437912365498732145,Example Ltd,Ada Keller,ada@example.com

The first line names the columns, in any order; company, name and email may be missing or empty. `user` is
google.user_identity of the Marketplace's token, which is sub of the user's Google ID token.";

#[derive(Debug, Args)]
pub(crate) struct AbsencesArguments {
    /// Write JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Option<AbsencesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AbsencesCommand {
    /// Accept that Google does not have accounts or orders any more, however many are absent
    Accept {
        /// Ids of accounts and orders
        #[arg(required_unless_present = "all_shown")]
        ids: Vec<String>,
        /// All that are shown before the question
        #[arg(long, conflicts_with = "ids")]
        all_shown: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EraseCommand {
    /// List closed accounts, and when what is stored about their users is erased
    List {
        /// Write JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Have what is stored about the users of a closed account erased by the next reconciliation
    Now {
        #[arg(value_parser = account)]
        account: ProcurementAccountId,
        /// Why, in at most 256 bytes
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Keep what is stored about the users of an account until the end of a day
    Hold {
        #[arg(value_parser = account)]
        account: ProcurementAccountId,
        /// The last day, in UTC, such as 2026-12-31
        #[arg(long, value_name = "DATE", value_parser = end_of_day)]
        until: Timestamp,
        /// Why, in at most 256 bytes
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Let it be erased when it is due
    Release {
        #[arg(value_parser = account)]
        account: ProcurementAccountId,
    },
}

fn end_of_day(text: &str) -> Result<Timestamp, &'static str> {
    let next: Option<Date> = text
        .parse::<Date>()
        .ok()
        .and_then(|day| day.tomorrow().ok());
    let midnight = next.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    let midnight = midnight.ok_or("expected a day, such as 2026-12-31")?;
    Ok(midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_lasts_to_the_end_of_its_day() {
        let end = end_of_day("2026-12-31").map(|end| end.to_string());
        assert_eq!(end, Ok("2027-01-01T00:00:00Z".to_owned()));
        for text in ["", "soon", "2026-13-01", "9999-12-31"] {
            assert!(end_of_day(text).is_err(), "{text}");
        }
    }
}
