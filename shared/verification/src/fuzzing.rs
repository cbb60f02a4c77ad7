//! The offline half of a verification, for arbitrary bytes. For fuzz targets only: it proves nothing.

use jiff::Timestamp;
use marketplace::TokenFingerprint;

use crate::accepted_emails::AcceptedEmails;
use crate::audiences::Audiences;
use crate::unverified::{SignedPayload, UnverifiedToken};
use crate::{id_token, identity, marketplace_token};

/// Reads the bytes as a token, as far as that goes without a key.
pub fn structure(token: &[u8]) {
    if let Ok(text) = str::from_utf8(token) {
        let _ = UnverifiedToken::parse(text);
    }
}

/// Reads the bytes as the payload of a token whose signature was good, under every profile.
pub fn claims(payload: &[u8], now: Timestamp) {
    let (Ok(audiences), Ok(emails)) = (
        Audiences::parse(vec!["signup.example.com".to_owned()]),
        AcceptedEmails::parse(vec!["push@example.com".to_owned()]),
    ) else {
        return;
    };
    let payload = SignedPayload {
        json: payload.to_vec(),
        fingerprint: TokenFingerprint::new([0; 32]),
    };
    let _ = marketplace_token::customer(&payload, &audiences, now);
    let _ = identity::caller(&payload, &audiences, &emails, now);
    let _ = id_token::user(&payload, &audiences, "nonce", now);
}
