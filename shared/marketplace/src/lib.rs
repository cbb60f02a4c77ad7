#![doc = include_str!("../README.md")]

mod access;
mod deadline;
mod google_origin;
mod ids;
mod role;
mod states;
mod token_fingerprint;

pub use access::{Access, Products};
pub use deadline::Deadline;
pub use google_origin::GoogleOrigin;
pub use ids::{
    EntitlementId, InvalidId, PlanId, ProcurementAccountId, ProductId, ProviderId, UserIdentity,
};
pub use role::Role;
pub use states::{AccountState, ApprovalState, EntitlementState};
pub use token_fingerprint::{InvalidFingerprint, TokenFingerprint};
