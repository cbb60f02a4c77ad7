#![doc = include_str!("../README.md")]

mod absence_acceptance;
mod absence_stock;
mod absences;
mod account_approval;
mod account_record;
mod account_rejection;
mod accounts;
mod actor;
mod adoption;
mod announced_news;
mod announcement;
mod asked_line;
mod buyer_message;
mod call_effect;
mod clock;
mod dead_letters;
mod decision;
mod entitlement_decision;
mod erasing;
mod error;
mod export;
mod journal;
mod link_import;
mod next_step;
mod not_configured;
mod operations;
mod orders;
mod plan_changes;
mod provider_marks;
mod pubsub;
mod store_ownership;
mod text;
mod unruled;
mod usage;
mod waiting;
mod walks;

pub use absence_acceptance::AbsenceAcceptance;
pub use absence_stock::AbsenceStock;
pub use absences::{Absences, AbsentResource};
pub use account_approval::AccountApproval;
pub use account_rejection::AccountRejection;
pub use actor::Actor;
pub use adoption::ProviderAdoption;
pub use announcement::Announcement;
pub use clock::Clock;
pub use dead_letters::{DeadLetter, DeadLetters, Replay};
pub use decision::{Decision, DecisionOutcome, Prepared, Proposal};
pub use entitlement_decision::EntitlementDecision;
pub use erasing::{ErasureDecision, PendingErasure};
pub use error::OperationError;
pub use export::Exported;
pub use journal::JournalLine;
pub use link_import::LinkImport;
pub use next_step::NextStep;
pub use operations::{Operations, call_deadline};
pub use pubsub::{Subscription, Topic};
pub use store_ownership::{LiveRecords, StoreOwnership};
pub use text::one_line;
pub use unruled::{DecidedWhere, UnruledOrder};
pub use usage::{
    BilledConsumer, CsvSelection, RefusedUsage, ReportAgain, UnfinishedClosing, UsageLedger,
    UsageOperation, UsageOverview, UsageQuery, UsageWindow,
};
pub use waiting::{CustomerLists, Waiting, WaitingAccount, WaitingEntitlement};
