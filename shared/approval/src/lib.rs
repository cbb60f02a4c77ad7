#![doc = include_str!("../README.md")]

mod change;
mod decide;
mod follow;
mod google;
mod occasion;
mod outbox;
mod policy;
mod publish;
mod reconcile;
mod records;
mod settings;

pub use change::Change;
pub use follow::{FollowError, Followed, Follower, Visit};
pub use google::{ApprovalError, Approvals, Fetched, Verdict};
pub use occasion::{At, EventType, Occasion};
pub use outbox::{Telling, resume_serving, signed_up, stop_serving};
pub use policy::ApprovalPolicy;
pub use publish::{Outbox, PublishError, Topic};
pub use reconcile::Reconciled;
pub use records::{newest, with_approval, with_entitlements};
pub use service_accounts::{ServiceAccountError, ServiceAccounts};
pub use settings::{ApprovalSettings, variables};
