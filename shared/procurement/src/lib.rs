#![doc = include_str!("../README.md")]

mod account;
mod accounts;
mod entitlement;
mod entitlements;
mod error;
mod fields;
mod page;
mod procurement;
mod resource;

pub use account::{Account, Approval};
pub use entitlement::{Consumer, Entitlement};
pub use entitlements::AccountEntitlements;
pub use error::{ProcurementError, Unavailable};
pub use page::{PageToken, ResourcePage};
pub use procurement::Procurement;
pub use resource::UnusableResource;
