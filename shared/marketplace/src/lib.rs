#![doc = include_str!("../README.md")]

mod access;
mod deadline;
mod error_chain;
mod google_origin;
mod ids;
mod log_text;
pub mod pasted_text;
mod percent_encoding;
mod request_time;
mod role;
mod service_account_email;
pub mod service_account_page;
mod states;
mod token_fingerprint;

pub use access::{Access, Products};
pub use deadline::Deadline;
pub use error_chain::ErrorChain;
pub use google_origin::GoogleOrigin;
pub use ids::{
    EntitlementId, InvalidId, PlanId, ProcurementAccountId, ProductId, ProviderId, UserIdentity,
};
pub use log_text::log_text;
pub use request_time::At;
pub use role::Role;
pub use service_account_email::{InvalidServiceAccountEmail, ServiceAccountEmail};
pub use states::{AccountState, ApprovalState, EntitlementState};
pub use token_fingerprint::{InvalidFingerprint, TokenFingerprint};
