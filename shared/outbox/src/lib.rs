#![doc = include_str!("../README.md")]

mod cloud_event;
mod news;
mod order_change;
mod publish;
mod stable_id;
#[cfg(test)]
mod tests;
mod topic;

pub use news::{Notify, account_deleted, order_changed, resume_serving, signed_up, stop_serving};
pub use order_change::{OrderChange, access_with, order_changes};
pub use publish::{Outbox, PublishError};
pub use stable_id::stable_id;
pub use topic::{Destination, EVENTS_TOPIC, Topic};
