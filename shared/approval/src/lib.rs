#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(feature = "follow"),
    expect(dead_code, reason = "decisions that only the follower asks for")
)]

mod change;
mod decide;
#[cfg(feature = "follow")]
mod follow;
mod google;
mod occasion;
mod outbox;
mod policy;
mod publish;
#[cfg(feature = "follow")]
mod reconcile;
mod records;
mod settings;

pub use change::Change;
#[cfg(feature = "follow")]
pub use follow::{FollowError, Followed, Follower, Visit};
pub use google::{ApprovalError, Approvals, Fetched, Verdict};
pub use occasion::{EventType, Occasion};
pub use outbox::{Telling, resume_serving, signed_up, stop_serving};
pub use policy::ApprovalPolicy;
pub use publish::{Outbox, PublishError, Topic};
#[cfg(feature = "follow")]
pub use reconcile::Reconciled;
pub use records::{newest, with_approval, with_entitlements};
#[cfg(feature = "follow")]
pub use service_accounts::{ServiceAccountError, ServiceAccounts};
pub use settings::{ApprovalSettings, variables};
