//! Arbitrary bytes as a token, and as the payload of a token whose signature was good.
#![no_main]

use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use marketplace::{EntitlementId, ProcurementAccountId};
use verification::{CustomerParts, fuzzing};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fuzz_target!(|bytes: &[u8]| {
    if let Some(key_id) = fuzzing::structure(bytes) {
        check_token(bytes, &key_id);
    }
    if let Some(customer) = fuzzing::claims(bytes, NOW) {
        check_customer(&customer);
    }
});

/// A token of good form is three parts of base64url, and what is looked up in the cache of keys is plain and short.
fn check_token(token: &[u8], key_id: &str) {
    let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    assert!(token.len() <= 16 * 1024 && token.iter().all(is_base64url));
    assert_eq!(token.iter().filter(|byte| **byte == b'.').count(), 2);
    assert!((1..=128).contains(&key_id.len()));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    assert!(key_id.bytes().all(is_plain), "{key_id:?}");
}

/// A customer has ids that come back from an address, and a token that is valid now, for five minutes at most.
fn check_customer(customer: &CustomerParts) {
    let account = &customer.account;
    let encoded = account.percent_encoded();
    assert_eq!(encoded, account.as_str());
    let decoded = ProcurementAccountId::from_percent_encoded(&encoded);
    assert_eq!(decoded.as_ref(), Ok(account));
    assert!(customer.orders.len() <= 256 && customer.roles.len() <= 16);
    for order in &customer.orders {
        let decoded = EntitlementId::from_percent_encoded(&order.percent_encoded());
        assert_eq!(decoded.as_ref(), Ok(order));
    }
    let leeway = SignedDuration::from_secs(30);
    let lifetime = customer.expires_at.duration_since(customer.issued_at);
    assert!(lifetime.is_positive() && lifetime <= SignedDuration::from_secs(300));
    assert!(customer.issued_at.duration_since(NOW) <= leeway);
    assert!(NOW.duration_since(customer.expires_at) < leeway);
}
