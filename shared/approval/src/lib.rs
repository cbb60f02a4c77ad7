#![doc = include_str!("../README.md")]

mod approvals;
mod approve_orders;
mod fetched;
mod google_order;
mod record;
#[cfg(test)]
mod tests;
pub mod variables;
mod whether_to_approve;

pub use approvals::{ApprovalError, Approvals, SignUpVerdict};
pub use fetched::Fetched;
pub use google_order::GoogleOrder;
pub use record::{FetchedCommit, newest, sign_up_news, with_approval, with_entitlement};
pub use variables::{ApprovalPolicy, ApprovalSettings};
pub use whether_to_approve::{
    ApprovalStep, CustomerRequest, SignUpState, approval_steps, sign_up_state,
};
