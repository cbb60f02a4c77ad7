#![doc = include_str!("../README.md")]

mod accepted_emails;
mod audiences;
mod broken_rule;
mod claims;
mod customer;
mod id_token;
mod identity;
mod key_set;
mod marketplace_token;
mod signature;
mod strict_json;
mod unverified;
mod verification_error;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

pub use accepted_emails::AcceptedEmails;
pub use audiences::{Audiences, InvalidList};
pub use broken_rule::BrokenRule;
pub use customer::{CustomerParts, VerifiedCustomer};
pub use id_token::SignInVerifier;
pub use identity::{IdentityVerifier, VerifiedCaller};
pub use key_set::KeySet;
pub use marketplace_token::MarketplaceVerifier;
pub use verification_error::{KeysUnavailable, VerificationError};
