#![doc = include_str!("../README.md")]

mod documents;
mod error;
mod firestore;
mod memory;
mod ownership;
mod records;
mod retry_after_conflict;
mod store;
#[cfg(test)]
mod tests;
mod usage;
mod walk;
mod whole_walks;

pub use documents::commit::Commit;
pub use documents::document::Document;
pub use documents::record::{Record, Stored, Version};
pub use error::{CommitError, StoreUnavailable};
pub use firestore::{FirestoreSettings, FirestoreStore};
pub use memory::MemoryStore;
pub use ownership::{NotOurStore, Ownership};
pub use records::account::{
    Absence, Account, Approval, Closed, ClosedBecause, EraseHold, Rejecting, ServiceAccount,
};
pub use records::customer_at_landing::{Customer, Landing};
pub use records::deployment::Deployment;
pub use records::entitlement::{Entitlement, Unruled};
pub use records::hand_off_record::HandOffRecord;
pub use records::handled_event::HandledEvent;
pub use records::job_cursor::{Cursor, Tally};
pub use records::journal::{JournalEntry, JournalText};
pub use records::journal_kind::JournalKind;
pub use records::link::Link;
pub use records::outbox_entry::OutboxEntry;
pub use records::session::{Purpose, Session, SignIn};
pub use records::session_id::{InvalidSessionId, SessionId};
pub use retry_after_conflict::{Contended, retry_contended};
pub use store::Store;
pub use usage::meter::{Closing, Meter, UsageGap};
pub use usage::reading_progress::{PastEnd, ReadingProgress};
pub use usage::recording_context::RecordingContext;
pub use usage::usage_record::{UsageHours, UsageRecord};
pub use usage::usage_report::{ReportState, UsageReport};
pub use usage::window_gate::{Shard, WindowGate};
pub use walk::Walked;
