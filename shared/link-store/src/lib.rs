#![doc = include_str!("../README.md")]

mod account;
mod commit;
mod cursor;
mod document;
mod entitlement;
mod error;
mod event;
mod fields;
mod firestore_store;
mod hand_off;
mod link;
mod memory;
mod outbox;
mod query;
mod record;
mod session;
mod session_id;
mod store;
mod value;

pub use account::{Account, Approval, ServiceAccount};
pub use commit::Commit;
pub use cursor::Cursor;
pub use document::Document;
pub use entitlement::Entitlement;
pub use error::{CommitError, StoreUnavailable};
pub use event::HandledEvent;
pub use firestore_store::{FirestoreLinkStore, FirestoreSettings};
pub use hand_off::HandOffRecord;
pub use link::Link;
pub use memory::MemoryLinkStore;
pub use outbox::OutboxEntry;
pub use record::{Record, Stored, Version};
pub use session::{Purpose, Session, SignIn};
pub use session_id::{InvalidSessionId, SessionId};
pub use store::{Landing, LinkStore};
