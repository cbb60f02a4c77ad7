//! The offline half of a verification, for arbitrary bytes. For fuzz targets only: it proves nothing.

use jiff::Timestamp;
use marketplace::TokenFingerprint;

use crate::accepted_emails::AcceptedEmails;
use crate::audiences::Audiences;
use crate::customer::CustomerParts;
use crate::unverified::{SignedPayload, UnverifiedToken};
use crate::{id_token, identity, marketplace_token};

/// Reads the bytes as a token, as far as that goes without a key: the key's id, if its form is good.
pub fn structure(token: &[u8]) -> Option<String> {
    let text = str::from_utf8(token).ok()?;
    let token = UnverifiedToken::parse(text).ok()?;
    Some(token.key_id().to_owned())
}

/// Reads the bytes as the payload of a token whose signature was good, under every profile: the customer, if it is one
/// of the Marketplace's.
pub fn claims(payload: &[u8], now: Timestamp) -> Option<CustomerParts> {
    let (Ok(audiences), Ok(emails)) = (
        Audiences::parse(vec!["signup.example.com".to_owned()]),
        AcceptedEmails::parse(vec!["push@example.com".to_owned()]),
    ) else {
        return None;
    };
    let payload = SignedPayload {
        json: payload.to_vec(),
        fingerprint: TokenFingerprint::new([0; 32]),
    };
    let _ = identity::caller(&payload, &audiences, &emails, now);
    let _ = id_token::user(&payload, &audiences, "nonce", now);
    let customer = marketplace_token::customer(&payload, &audiences, now).ok()?;
    Some(customer.parts())
}
