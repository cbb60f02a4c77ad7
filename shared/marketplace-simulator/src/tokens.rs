//! Tokens of every good and bad kind, signed with fixed test keys.
//!
//! [`MarketplaceClaims`] and [`IdentityClaims`] start out valid, so a test breaks exactly the claim it is
//! about. [`SigningKey`] signs any text it is given, so that a header can be broken too.

mod broken_tokens;
mod claims;
mod moved_times;
mod signing_key;
mod test_keys;

pub use broken_tokens::{BrokenToken, broken_tokens};
pub use claims::{IdentityClaims, MARKETPLACE_ISSUER, MarketplaceClaims};
pub(crate) use moved_times::moved;
pub use signing_key::SigningKey;
pub(crate) use test_keys::SERVICE_ACCOUNT_PRIVATE_KEY;
pub use test_keys::{
    WEAK_TOKEN_ISSUED_AT, elliptic_certificate, foreign, google_identity, hand_off_signer,
    key_set_json, marketplace, service_account, weak_certificate, weak_token,
};
