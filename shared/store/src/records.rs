//! What is remembered of customers, orders, sessions, events and jobs. Each file holds a record, its collection,
//! and the reads of it.

pub(crate) mod account;
pub(crate) mod customer_at_landing;
pub(crate) mod deployment;
mod enabling;
pub(crate) mod entitlement;
pub(crate) mod hand_off_record;
pub(crate) mod handled_event;
pub(crate) mod job_cursor;
pub(crate) mod journal;
pub(crate) mod journal_kind;
mod journal_outcome;
pub(crate) mod link;
pub(crate) mod outbox_entry;
pub(crate) mod session;
pub(crate) mod session_id;
