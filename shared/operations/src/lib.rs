#![doc = include_str!("../README.md")]

mod account_record;
mod accounts;
mod buyer_message;
mod call_effect;
mod dead_letters;
mod decision;
mod entitlement_decision;
mod error;
mod next_step;
mod operations;
mod orders;
mod plan_changes;
mod pubsub;
mod text;
mod usage;
mod waiting;

pub use accounts::AccountDecision;
pub use dead_letters::{DeadLetter, DeadLetters, Replay};
pub use decision::{Decision, DecisionOutcome, Prepared, Proposal};
pub use entitlement_decision::EntitlementDecision;
pub use error::OperationError;
pub use next_step::NextStep;
pub use operations::{Operations, call_deadline};
pub use pubsub::{Subscription, Topic};
pub use text::one_line;
pub use usage::{
    BilledConsumer, CsvSelection, RefusedUsage, ReportAgain, UnfinishedClosing, UsageLedger,
    UsageOperation, UsageOverview, UsageQuery, UsageWindow,
};
pub use waiting::{CustomerLists, Waiting, WaitingAccount, WaitingEntitlement};
