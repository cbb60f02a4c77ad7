//! Arbitrary bytes as a token, and as the payload of a token whose signature was good.
#![no_main]

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use marketplace::{EntitlementId, ProcurementAccountId};
use verification::CustomerParts;
use verification::fuzzing::{self, ReadClaims};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// How far clocks may be apart.
const LEEWAY: SignedDuration = SignedDuration::from_secs(30);

/// The longest life of a token by the Marketplace's profile, and by the others.
const LIFETIME: SignedDuration = SignedDuration::from_secs(300);
const IDENTITY_LIFETIME: SignedDuration = SignedDuration::from_secs(3_600);

fuzz_target!(|bytes: &[u8]| {
    if let Some(key_id) = fuzzing::structure(bytes) {
        check_token(bytes, &key_id);
    }
    let read = claims(bytes, NOW);
    if let Some(customer) = &read.customer {
        check_customer(customer);
        assert!(read.caller.is_none() && read.user.is_none());
        assert_eq!(ended(bytes, LIFETIME).customer, None);
    }
    if let Some(caller) = &read.caller {
        assert_eq!(caller.email(), "push@example.com");
        check_subject(caller.subject());
        assert_eq!(ended(bytes, IDENTITY_LIFETIME).caller, None);
    }
    if let Some(user) = &read.user {
        check_subject(user.as_str());
        assert_eq!(ended(bytes, IDENTITY_LIFETIME).user, None);
    }
});

fn claims(payload: &[u8], now: Timestamp) -> ReadClaims {
    fuzzing::claims(payload, now).expect("the audience and the caller are valid")
}

/// What the payload is when no token that is valid now can be valid any more: one that was issued as late as may be,
/// and lives as long as may be, has ended.
fn ended(payload: &[u8], lifetime: SignedDuration) -> ReadClaims {
    claims(payload, NOW + LEEWAY + lifetime + LEEWAY)
}

/// A token of good form is three parts of base64url, and what is looked up in the cache of keys is plain and short.
fn check_token(token: &[u8], key_id: &str) {
    let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    assert!(token.len() <= 16 * 1024 && token.iter().all(is_base64url));
    assert_eq!(token.iter().filter(|byte| **byte == b'.').count(), 2);
    assert!((1..=128).contains(&key_id.len()));
    assert!(key_id.bytes().all(is_plain), "{key_id:?}");
}

/// Whom a token is about, or the key it was signed with: nothing with a meaning to a path or a log.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

fn check_subject(subject: &str) {
    let is_short = (1..=128).contains(&subject.len());
    assert!(is_short && subject.bytes().all(is_plain), "{subject:?}");
}

/// A customer has ids that come back from an address, and a token that is valid now, for five minutes at most.
fn check_customer(customer: &CustomerParts) {
    let account = &customer.account;
    check_subject(account.as_str());
    let encoded = account.percent_encoded();
    assert_eq!(encoded, account.as_str());
    let decoded = ProcurementAccountId::from_percent_encoded(&encoded);
    assert_eq!(decoded.as_ref(), Ok(account));
    if let Some(user) = &customer.user {
        check_subject(user.as_str());
    }
    assert!(customer.orders.len() <= 256 && customer.roles.len() <= 16);
    for order in &customer.orders {
        let decoded = EntitlementId::from_percent_encoded(&order.percent_encoded());
        assert_eq!(decoded.as_ref(), Ok(order));
    }
    let lifetime = customer.expires_at.duration_since(customer.issued_at);
    assert!(lifetime.is_positive() && lifetime <= LIFETIME);
    assert!(customer.issued_at.duration_since(NOW) <= LEEWAY);
    assert!(NOW.duration_since(customer.expires_at) < LEEWAY);
}
