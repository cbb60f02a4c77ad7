#![doc = include_str!("../README.md")]

mod account_commit;
mod cloud_event;
mod news;
mod order_change;
mod publish;
mod sequence;
mod stable_id;
#[cfg(test)]
mod tests;
mod topic;

pub use account_commit::AccountCommit;
pub use news::{News, Notify};
pub use order_change::{OrderChange, order_changes};
pub use publish::{Outbox, PublishError};
pub use sequence::Sequence;
pub use stable_id::{stable_id, stable_id_of_bytes};
pub use topic::{Destination, EVENTS_TOPIC, Topic};
