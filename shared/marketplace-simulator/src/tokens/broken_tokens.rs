//! Marketplace tokens that break one rule each: what every endpoint that takes such tokens must refuse.

use serde_json::{Value, json};

use super::claims::MarketplaceClaims;
use super::signing_key::SigningKey;
use super::test_keys::foreign;

/// A token with one thing wrong.
#[derive(Debug, Clone)]
pub struct BrokenToken {
    /// The name of the rule it breaks, as `verification` names it in the log.
    pub rule: &'static str,
    /// The token, or what is no token at all.
    pub token: String,
}

/// Tokens made of these good claims and this good key, each broken in exactly one way; every rule for
/// Marketplace tokens is broken by at least one of them.
pub fn broken_tokens(good: &MarketplaceClaims, key: &SigningKey) -> Vec<BrokenToken> {
    let mut broken = broken_forms(good, key);
    broken.extend(broken_headers(good, key));
    broken.extend(broken_signatures(good, key));
    broken.extend(broken_claims(good, key));
    broken
}

fn broken(rule: &'static str, token: impl Into<String>) -> BrokenToken {
    let token = token.into();
    BrokenToken { rule, token }
}

fn broken_forms(good: &MarketplaceClaims, key: &SigningKey) -> Vec<BrokenToken> {
    let token = good.signed_by(key);
    let mut parts = token.splitn(3, '.');
    let mut next = || parts.next().unwrap_or_default();
    let (header, payload, signature) = (next(), next(), next());
    let padding = format!(
        "{},\"x\":\"{}\"}}",
        key.header().trim_end_matches('}'),
        "x".repeat(1024)
    );
    let unsigned = SigningKey::unsigned(&key.header(), &good.json());
    vec![
        broken("token_too_long", format!("{token}{}", "A".repeat(16_384))),
        broken("not_three_parts", ""),
        broken("not_three_parts", "null"),
        broken("not_three_parts", format!("{header}.{payload}")),
        broken(
            "not_three_parts",
            format!("{token}.{signature}.{signature}"),
        ),
        broken("header_too_long", key.sign(&padding, &good.json())),
        broken(
            "header_encoding",
            format!("{header}=.{payload}.{signature}"),
        ),
        broken(
            "payload_encoding",
            format!("{header}.{payload}+.{signature}"),
        ),
        broken("signature_encoding", format!("{token}=")),
        broken("signature_encoding", unsigned),
    ]
}

fn broken_headers(good: &MarketplaceClaims, key: &SigningKey) -> Vec<BrokenToken> {
    let kid = &key.kid;
    let whole = |rule, header: &str| broken(rule, key.sign(header, &good.json()));
    let with = |rule, member: &str| {
        whole(
            rule,
            &format!("{{\"alg\":\"RS256\",\"kid\":\"{kid}\",{member}}}"),
        )
    };
    let algorithm = |name: &str| {
        let header = format!("{{\"alg\":\"{name}\",\"kid\":\"{kid}\"}}");
        whole("algorithm", &header)
    };
    vec![
        whole("header_not_object", "[]"),
        with("header_member_twice", "\"alg\":\"none\""),
        with("critical_header", "\"crit\":[\"exp\"]"),
        with("unencoded_payload", "\"b64\":false"),
        with("key_in_header", "\"jku\":\"https://attacker.example/keys\""),
        with(
            "key_in_header",
            r#""x5u":"https://attacker.example/certificate""#,
        ),
        with("key_in_header", "\"x5c\":[\"MAA=\"]"),
        with(
            "key_in_header",
            r#""jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
        ),
        with("compressed", "\"zip\":\"DEF\""),
        with("nested_token", "\"cty\":\"JWT\""),
        with("token_type", "\"typ\":\"at+jwt\""),
        algorithm("none"),
        algorithm("RS512"),
        whole("algorithm", &format!("{{\"kid\":\"{kid}\"}}")),
        whole("key_id_missing", "{\"alg\":\"RS256\"}"),
        whole("key_id_invalid", r#"{"alg":"RS256","kid":"../../keys"}"#),
    ]
}

fn broken_signatures(good: &MarketplaceClaims, key: &SigningKey) -> Vec<BrokenToken> {
    let hmac = format!("{{\"alg\":\"HS256\",\"kid\":\"{}\"}}", key.kid);
    let token = good.signed_by(key);
    let other = good.clone().set("sub", "other").signed_by(key);
    let (input, _) = token.rsplit_once('.').unwrap_or_default();
    let (_, signature) = other.rsplit_once('.').unwrap_or_default();
    vec![
        broken("algorithm", key.sign_as_hmac(&hmac, &good.json())),
        broken("signature", key.sign_as_hmac(&key.header(), &good.json())),
        broken("signature", foreign().sign(&key.header(), &good.json())),
        broken("signature", format!("{input}.{signature}")),
        broken("unknown_key", good.signed_by(foreign())),
    ]
}

fn broken_claims(good: &MarketplaceClaims, key: &SigningKey) -> Vec<BrokenToken> {
    let payload = |rule, payload: &str| broken(rule, key.sign(&key.header(), payload));
    let signed = |rule, claims: MarketplaceClaims| broken(rule, claims.signed_by(key));
    let set = |rule, claim, value: Value| signed(rule, good.clone().set(claim, value));
    let without = |rule, claim| signed(rule, good.clone().without(claim));
    let google = |rule, member, value: Value| signed(rule, good.clone().set_google(member, value));
    let twice = good.json().replacen('{', "{\"sub\":\"other\",", 1);
    let mut tokens = vec![
        payload("payload_not_object", "[]"),
        payload("claim_twice", &twice),
        set("issuer", "iss", json!("https://accounts.google.com")),
        without("issuer", "iss"),
        set("audience", "aud", json!("other.example.com")),
        set("audience", "aud", json!(["signup.example.com"])),
        without("audience", "aud"),
        without("issued_at_missing", "iat"),
        set("issued_at_invalid", "iat", json!("1893456000")),
        without("expiry_missing", "exp"),
        set("expiry_invalid", "exp", json!(1_893_456_000.5)),
        set("not_before_invalid", "nbf", json!("now")),
        set("subject_missing", "sub", json!("")),
        without("subject_missing", "sub"),
        set("subject_invalid", "sub", json!("../accounts")),
        without("google_missing", "google"),
        set("google_invalid", "google", json!([])),
        google("user_invalid", "user_identity", json!("ada@example.com")),
        google("roles_invalid", "roles", json!("account_admin")),
        google("orders_invalid", "orders", json!([1])),
    ];
    tokens.extend(broken_times(good, key));
    tokens
}

fn broken_times(good: &MarketplaceClaims, key: &SigningKey) -> Vec<BrokenToken> {
    let now = good.issued_at();
    let times = |rule, issued: i64, expires: i64| {
        let claims = good.clone().set("iat", now + issued);
        broken(rule, claims.set("exp", now + expires).signed_by(key))
    };
    let later = good.clone().set("nbf", now + 120);
    vec![
        times("expiry_not_after_issue", 0, 0),
        times("lifetime_too_long", 0, 301),
        times("issued_in_future", 120, 300),
        broken("not_yet_valid", later.signed_by(key)),
        times("expired", -600, -300),
        times("expired", -1_000_000, -999_700),
    ]
}
