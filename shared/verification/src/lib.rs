#![doc = include_str!("../README.md")]

mod audiences;
mod broken_rule;
mod claims;
mod customer;
mod identity;
mod key_set;
mod marketplace_token;
mod sign_in;
mod signature;
mod strict_json;
mod unverified;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

pub use audiences::{AcceptedEmails, Audiences, InvalidList};
pub use broken_rule::{BrokenRule, VerificationError};
pub use customer::{CustomerParts, VerifiedCustomer};
pub use identity::{IdentityVerifier, VerifiedCaller};
pub use key_set::{KeySet, KeysUnavailable};
pub use marketplace_token::MarketplaceVerifier;
pub use sign_in::SignInVerifier;
