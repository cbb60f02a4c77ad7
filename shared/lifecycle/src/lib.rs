#![doc = include_str!("../README.md")]

mod absence;
mod approve;
mod confirm_absence;
mod decide;
mod disable_service_account;
mod erase_account;
mod error;
mod event_type;
mod lifecycle;
mod reject_again;
mod resource;
mod steps;
mod sync_account;
mod sync_entitlement;
mod trigger;

pub use confirm_absence::Confirmation;
pub use decide::{Stock, StockKind};
pub use error::SyncError;
pub use event_type::EventType;
pub use lifecycle::{Lifecycle, SyncOutcome, SyncRequest};
pub use resource::Resource;
pub use trigger::Trigger;
