//! The command line.

mod before;
mod records;
mod usage;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use marketplace::{EntitlementId, InvalidId, PlanId, ProcurementAccountId, pasted_text};
use operations::{Subscription, Topic};

pub(crate) use self::before::BeforeArguments;
pub(crate) use self::records::{
    AbsencesArguments, AbsencesCommand, EraseCommand, ImportCommand, RecordsCommand,
};
pub(crate) use self::usage::{CsvArguments, UsageArguments, UsageCommand, UsageListArguments};
use crate::config;

/// Longest reason, in bytes: Google cuts longer ones (discovery document, `RejectAccountRequest`).
const REASON_LIMIT: usize = 256;

/// What waits for the vendor's operator in Google Cloud Marketplace, and the decisions about it.
#[derive(Debug, Parser)]
#[command(name = "operator", version, after_help = config::table())]
pub(crate) struct Arguments {
    /// Do it without asking
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    /// Who decides, for the journal; needed where the credentials name no person
    #[arg(long = "as", value_name = "NAME", global = true, value_parser = person)]
    pub(crate) declared: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Customers(CustomersCommand),
    #[command(flatten)]
    Records(RecordsCommand),
    /// List the usage that is on its way to Google or stuck; retry, release or export it
    Usage(UsageArguments),
    /// List or replay events that could not be handled
    #[command(subcommand)]
    DeadLetters(DeadLettersCommand),
    /// Find what is wrong with the deployment, and say how to repair it; changes nothing
    #[command(after_help = DOCTOR)]
    Doctor(DoctorArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// File with what `terraform output -json` writes, or `-` for the standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) outputs: Option<PathBuf>,
    /// The sign-up URL that Producer Portal shows, if it is not the output `signup_url`
    #[arg(long, value_name = "URL")]
    pub(crate) signup_url: Option<String>,
    /// The login URL that Producer Portal shows, if it is not the output `login_url`
    #[arg(long, value_name = "URL")]
    pub(crate) login_url: Option<String>,
    #[command(flatten)]
    pub(crate) intended: BeforeArguments,
}

/// How the doctor is called, and what it answers.
const DOCTOR: &str = "\
terraform -chdir=terraform output -json | operator doctor --outputs -
operator doctor --before --project PROJECT --provider PROVIDER --region REGION

With --before it looks at a project in which nothing is deployed yet, for what would stop the first terraform apply.

Variables that are not set are read from the output operator_environment. Checks that need other outputs
report `not known` without them.

It only reads. Besides what the other commands need, it needs roles/viewer and
roles/iam.securityReviewer on the project.

Exit codes: 0 no problem was found, 1 problems were found, 69 no problem was found but not everything could be
checked, 64 bad arguments or configuration.";

/// What needs the Procurement API and the store.
#[derive(Debug, Subcommand)]
pub(crate) enum CustomersCommand {
    /// List the sign-ups, orders and plan changes that wait, also those that no rule fits
    Waiting {
        /// Write JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Approve a sign-up or an order
    #[command(subcommand)]
    Approve(ApproveCommand),
    /// Reject a sign-up or an order
    #[command(subcommand)]
    Reject(RejectCommand),
    /// Approve or reject a change of plan
    #[command(subcommand)]
    PlanChange(PlanChangeCommand),
    /// Show the customer a message while an order or a plan change waits
    Message {
        #[arg(value_parser = entitlement)]
        entitlement: EntitlementId,
        /// What Google shows the customer
        #[arg(value_parser = message)]
        text: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApproveCommand {
    /// Approve the sign-up of an account
    Account {
        #[arg(value_parser = account)]
        id: ProcurementAccountId,
    },
    /// Approve an order; its account must be approved before
    Entitlement {
        #[arg(value_parser = entitlement)]
        id: EntitlementId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RejectCommand {
    /// Reject the sign-up of an account, which stays rejected until it is approved, here or later at Google
    Account {
        #[arg(value_parser = account)]
        id: ProcurementAccountId,
        /// Why, in at most 256 bytes
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Reject an order, which ends it
    Entitlement {
        #[arg(value_parser = entitlement)]
        id: EntitlementId,
        /// Why, in at most 256 bytes
        #[arg(long, value_parser = reason)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanChangeCommand {
    /// Approve the change to the pending plan
    Approve {
        #[arg(value_parser = entitlement)]
        entitlement: EntitlementId,
        /// The plan that must be the pending one
        #[arg(long, value_parser = plan)]
        plan: Option<PlanId>,
    },
    /// Reject the change; the customer keeps the present plan
    Reject {
        #[arg(value_parser = entitlement)]
        entitlement: EntitlementId,
        /// Why, in at most 256 bytes
        #[arg(long, value_parser = reason)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeadLettersCommand {
    /// List dead letters; all of them stay where they are
    List {
        /// Where they are: projects/PROJECT/subscriptions/NAME
        #[arg(long, value_parser = Subscription::parse)]
        subscription: Subscription,
        /// List at most this many
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
        max: u32,
    },
    /// Publish dead letters again, each acknowledged only after it was published
    Replay {
        /// Where they are: projects/PROJECT/subscriptions/NAME
        #[arg(long, value_parser = Subscription::parse)]
        subscription: Subscription,
        /// Where they go: projects/PROJECT/topics/NAME
        #[arg(long, value_parser = Topic::parse)]
        to: Topic,
        /// Replay at most this many
        #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
        max: u32,
    },
}

fn account(text: &str) -> Result<ProcurementAccountId, InvalidId> {
    ProcurementAccountId::parse(text)
}

fn entitlement(text: &str) -> Result<EntitlementId, InvalidId> {
    EntitlementId::parse(text)
}

fn plan(text: &str) -> Result<PlanId, InvalidId> {
    PlanId::parse(text)
}

fn message(text: &str) -> Result<String, &'static str> {
    let text = pasted_text::lines(text);
    if text.is_empty() {
        return Err("it is empty");
    }
    Ok(text)
}

/// Longest name of a person, in bytes.
const NAME_LIMIT: usize = 128;

fn person(text: &str) -> Result<String, &'static str> {
    let text = message(text)?;
    if text.len() > NAME_LIMIT || text.contains('\n') {
        return Err("it is longer than 128 bytes, or has several lines");
    }
    Ok(text)
}

fn reason(text: &str) -> Result<String, &'static str> {
    let text = message(text)?;
    if text.len() > REASON_LIMIT {
        return Err("it is longer than the 256 bytes that Google keeps");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_reason_is_kept_whole_or_refused() {
        assert_eq!(reason(" no contract\n"), Ok("no contract".to_owned()));
        assert_eq!(reason(&"ä".repeat(128)), Ok("ä".repeat(128)));
        assert!(reason(&format!("x{}", "ä".repeat(128))).is_err());
        assert!(reason(" ").is_err());
    }

    #[test]
    fn what_cannot_be_seen_is_no_part_of_what_was_typed() {
        assert_eq!(
            reason("no\u{a0}con\u{200b}tract\u{202c}"),
            Ok("no contract".to_owned())
        );
        assert_eq!(
            message("Soon\r\n you\u{7} see."),
            Ok("Soon\n you see.".to_owned())
        );
        assert_eq!(person("\u{202d}ann\u{a0}b"), Ok("ann b".to_owned()));
        for nothing in ["\u{3164}", "\u{feff} \u{2800}"] {
            assert!(reason(nothing).is_err() && person(nothing).is_err());
        }
        assert!(person("ann\nbob").is_err());
    }
}
