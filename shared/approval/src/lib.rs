#![doc = include_str!("../README.md")]

mod decide;
mod google;
mod outbox;
mod policy;
mod records;

pub use google::{ApprovalError, Approvals, Fetched, Verdict};
pub use outbox::signed_up;
pub use policy::ApprovalPolicy;
pub use records::{with_approval, with_entitlements};
