//! The claims of a Marketplace token.

use marketplace::{EntitlementId, ProcurementAccountId, Role, UserIdentity};
use marketplace_simulator::tokens::{MARKETPLACE_ISSUER, MarketplaceClaims};
use serde_json::{Value, json};
use verification::BrokenRule;

use crate::support::{Marketplace, at, claims, key};

async fn rule(claims: MarketplaceClaims) -> Option<BrokenRule> {
    Marketplace::start()
        .await
        .rule(&claims.signed_by(key()))
        .await
}

/// Which rule is broken by each of these values of one claim.
async fn all_break(claim: &str, values: &[Value], expected: BrokenRule) {
    let google = Marketplace::start().await;
    for value in values {
        let token = claims().set(claim, value.clone()).signed_by(key());
        assert_eq!(google.rule(&token).await, Some(expected), "{value}");
    }
}

async fn all_google_break(member: &str, values: &[Value], expected: BrokenRule) {
    let google = Marketplace::start().await;
    for value in values {
        let token = claims().set_google(member, value.clone()).signed_by(key());
        assert_eq!(google.rule(&token).await, Some(expected), "{value}");
    }
}

#[tokio::test]
async fn a_good_token_gives_the_customer() {
    let google = Marketplace::start().await;
    let token = claims()
        .set_google(
            "roles",
            json!(["account_admin", "project_editor", "new_role"]),
        )
        .set_google(
            "orders",
            json!(["E-1", "0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f"]),
        )
        .signed_by(key());
    let customer = google.verify(&token).await.unwrap();
    assert_eq!(
        customer.account(),
        &ProcurementAccountId::parse("0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f").unwrap()
    );
    assert_eq!(
        customer.user(),
        Some(&UserIdentity::parse("108437912365498732145").unwrap())
    );
    assert_eq!(
        customer.roles(),
        [
            Role::AccountAdmin,
            Role::ProjectEditor,
            Role::Other("new_role".to_owned())
        ]
    );
    assert_eq!(
        customer.orders(),
        [
            EntitlementId::parse("E-1").unwrap(),
            EntitlementId::parse("0f6b3c1e-5d2a-4e7b-9c88-1a2b3c4d5e6f").unwrap()
        ]
    );
    assert_eq!(
        (customer.issued_at(), customer.expires_at()),
        (at(0), at(300))
    );
}

#[tokio::test]
async fn the_fingerprint_names_the_token() {
    let google = Marketplace::start().await;
    let first = google.verify(&claims().signed_by(key())).await.unwrap();
    let again = google.verify(&claims().signed_by(key())).await.unwrap();
    let other = claims().set("aud", "example.com").signed_by(key());
    let other = google.verify(&other).await.unwrap();
    assert_eq!(first.fingerprint(), again.fingerprint());
    assert_ne!(first.fingerprint(), other.fingerprint());
    assert_eq!(first.account(), other.account());
}

#[tokio::test]
async fn a_payload_that_is_no_json_object_is_refused() {
    let google = Marketplace::start().await;
    let payloads: [&[u8]; 6] = [b"", b"null", b"[]", b"{", b"{}{}", b"{\"a\":\"\xff\"}"];
    for payload in payloads {
        let token = key().sign_bytes(key().header().as_bytes(), payload);
        let rule = google.rule(&token).await;
        assert_eq!(rule, Some(BrokenRule::PayloadNotObject), "{payload:?}");
    }
}

#[tokio::test]
async fn a_claim_named_twice_is_refused() {
    let google = Marketplace::start().await;
    for twice in [
        r#""sub":"other""#,
        r#""s\u0075b":"other""#,
        r#""x":1,"x":1"#,
        r#""x":{"y":1,"y":1}"#,
    ] {
        let json = claims().json();
        let payload = format!("{},{twice}}}", json.strip_suffix('}').unwrap());
        let token = key().sign(&key().header(), &payload);
        let rule = google.rule(&token).await;
        assert_eq!(rule, Some(BrokenRule::ClaimTwice), "{twice}");
    }
    let nested = claims()
        .json()
        .replace(r#""roles":"#, r#""roles":[],"roles":"#);
    let token = key().sign(&key().header(), &nested);
    assert_eq!(google.rule(&token).await, Some(BrokenRule::ClaimTwice));
}

#[tokio::test]
async fn the_issuer_is_the_marketplace_and_nobody_else() {
    let agents = MARKETPLACE_ISSUER
        .replace("robot", "service_accounts")
        .replace("cloud-commerce-partner", "cloud-agentspace");
    let values = [
        json!(agents),
        json!(format!("{MARKETPLACE_ISSUER}/")),
        json!(MARKETPLACE_ISSUER.to_uppercase()),
        json!("https://accounts.google.com"),
        json!(""),
        json!([MARKETPLACE_ISSUER]),
        json!(null),
    ];
    all_break("iss", &values, BrokenRule::Issuer).await;
    assert_eq!(
        rule(claims().without("iss")).await,
        Some(BrokenRule::Issuer)
    );
}

#[tokio::test]
async fn the_audience_is_exactly_one_of_ours() {
    assert_eq!(rule(claims().set("aud", "example.com")).await, None);
    let values = [
        json!("other.example.com"),
        json!("EXAMPLE.com"),
        json!("example.com/"),
        json!("https://example.com"),
        json!(""),
        json!(["example.com"]),
        json!(["example.com", "other.example.com"]),
        json!([]),
        json!(null),
    ];
    all_break("aud", &values, BrokenRule::Audience).await;
    assert_eq!(
        rule(claims().without("aud")).await,
        Some(BrokenRule::Audience)
    );
}

#[tokio::test]
async fn the_time_of_issue_is_required() {
    let rule = rule(claims().without("iat")).await;
    assert_eq!(rule, Some(BrokenRule::IssuedAtMissing));
}

#[tokio::test]
async fn the_expiry_is_required() {
    let rule = rule(claims().without("exp")).await;
    assert_eq!(rule, Some(BrokenRule::ExpiryMissing));
}

/// Everything that is no time, where a lenient parser would see one or see nothing.
fn no_times() -> Vec<Value> {
    let now = at(0).as_second();
    vec![
        json!(now.to_string()),
        json!(1_893_456_000.0),
        json!(1_893_456_000.5),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MAX),
        json!(253_402_300_800_i64),
        json!(1e30),
        json!(null),
        json!(true),
        json!([now]),
        json!({}),
    ]
}

#[tokio::test]
async fn the_time_of_issue_is_a_whole_number_of_seconds() {
    all_break("iat", &no_times(), BrokenRule::IssuedAtInvalid).await;
}

#[tokio::test]
async fn the_expiry_is_a_whole_number_of_seconds() {
    all_break("exp", &no_times(), BrokenRule::ExpiryInvalid).await;
}

#[tokio::test]
async fn not_before_is_a_whole_number_of_seconds() {
    all_break("nbf", &no_times(), BrokenRule::NotBeforeInvalid).await;
}

#[tokio::test]
async fn a_number_beyond_json_is_refused_with_the_payload() {
    let google = Marketplace::start().await;
    for number in ["NaN", "Infinity", "1e999", "0x10", "01"] {
        let payload = claims()
            .json()
            .replace(&at(300).as_second().to_string(), number);
        let rule = google.rule(&key().sign(&key().header(), &payload)).await;
        assert_eq!(rule, Some(BrokenRule::PayloadNotObject), "{number}");
    }
}

#[tokio::test]
async fn the_expiry_is_after_the_time_of_issue() {
    for expiry in [0, -1, -300] {
        let rule = rule(claims().set("exp", at(expiry).as_second())).await;
        assert_eq!(rule, Some(BrokenRule::ExpiryNotAfterIssue), "{expiry}");
    }
}

#[tokio::test]
async fn a_token_lives_five_minutes_at_most() {
    for (lifetime, expected) in [
        (1, None),
        (300, None),
        (301, Some(BrokenRule::LifetimeTooLong)),
        (3600, Some(BrokenRule::LifetimeTooLong)),
    ] {
        let rule = rule(claims().set("exp", at(lifetime).as_second())).await;
        assert_eq!(rule, expected, "{lifetime}");
    }
}

#[tokio::test]
async fn a_token_of_the_future_is_refused() {
    for (second, expected) in [(30, None), (31, Some(BrokenRule::IssuedInFuture))] {
        let rule = rule(MarketplaceClaims::valid_at(at(second))).await;
        assert_eq!(rule, expected, "{second}");
    }
}

#[tokio::test]
async fn not_before_is_honoured() {
    for (second, expected) in [(-10, None), (30, None), (31, Some(BrokenRule::NotYetValid))] {
        let rule = rule(claims().set("nbf", at(second).as_second())).await;
        assert_eq!(rule, expected, "{second}");
    }
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    for (issued, expected) in [
        (-300, None),
        (-329, None),
        (-330, Some(BrokenRule::Expired)),
        (-1_000_000, Some(BrokenRule::Expired)),
    ] {
        let rule = rule(MarketplaceClaims::valid_at(at(issued))).await;
        assert_eq!(rule, expected, "{issued}");
    }
}

#[tokio::test]
async fn the_account_is_required() {
    let values = [json!(""), json!(null), json!(1), json!(["a"])];
    all_break("sub", &values, BrokenRule::SubjectMissing).await;
    let rule = rule(claims().without("sub")).await;
    assert_eq!(rule, Some(BrokenRule::SubjectMissing));
}

#[tokio::test]
async fn the_account_is_a_safe_path_segment() {
    let values = [
        json!("a/b"),
        json!(".."),
        json!("a:approve"),
        json!("a%2Fb"),
        json!("a b"),
        json!("a\u{0}"),
        json!("__a__"),
        json!("a".repeat(129)),
    ];
    all_break("sub", &values, BrokenRule::SubjectInvalid).await;
}

#[tokio::test]
async fn the_claim_of_google_is_required() {
    let rule = rule(claims().without("google")).await;
    assert_eq!(rule, Some(BrokenRule::GoogleMissing));
}

#[tokio::test]
async fn the_claim_of_google_is_an_object() {
    let values = [json!(null), json!([]), json!("a"), json!(1)];
    all_break("google", &values, BrokenRule::GoogleInvalid).await;
}

#[tokio::test]
async fn a_token_that_names_no_user_is_good() {
    let google = Marketplace::start().await;
    for nobody in [
        claims().without_google("user_identity"),
        claims().set_google("user_identity", ""),
    ] {
        let customer = google.verify(&nobody.signed_by(key())).await.unwrap();
        assert_eq!(customer.user(), None);
    }
}

#[tokio::test]
async fn the_user_is_a_safe_text() {
    let values = [
        json!("a/b"),
        json!("a@example.com"),
        json!("1".repeat(129)),
        json!(108_437_912),
        json!(null),
        json!(["1"]),
    ];
    all_google_break("user_identity", &values, BrokenRule::UserInvalid).await;
}

#[tokio::test]
async fn roles_and_orders_may_be_absent_or_empty() {
    let google = Marketplace::start().await;
    for few in [
        claims().without_google("roles"),
        claims()
            .set_google("roles", json!([]))
            .set_google("orders", json!([])),
    ] {
        let customer = google.verify(&few.signed_by(key())).await.unwrap();
        assert_eq!((customer.roles().len(), customer.orders().len()), (0, 0));
    }
}

#[tokio::test]
async fn roles_are_a_short_list_of_short_texts() {
    assert_eq!(
        rule(claims().set_google("roles", vec!["r".repeat(64); 16])).await,
        None
    );
    let values = [
        json!(vec!["r"; 17]),
        json!(["r".repeat(65)]),
        json!([1]),
        json!([null]),
        json!([["account_admin"]]),
        json!("account_admin"),
        json!({"account_admin": true}),
        json!(null),
    ];
    all_google_break("roles", &values, BrokenRule::RolesInvalid).await;
}

#[tokio::test]
async fn orders_are_a_bounded_list_of_ids() {
    assert_eq!(
        rule(claims().set_google("orders", vec!["order"; 256])).await,
        None
    );
    for seen in ["E-1234-5678-ABCD-EFGH", "example.com:order~1", "a+b@c"] {
        let rule = rule(claims().set_google("orders", vec![seen])).await;
        assert_eq!(rule, None, "{seen}");
    }
    let values = [
        json!(vec!["order"; 257]),
        json!([""]),
        json!(["a/b"]),
        json!(["a b"]),
        json!(["a;b"]),
        json!(["ä"]),
        json!(["o".repeat(129)]),
        json!(["good", "."]),
        json!([1]),
        json!("order"),
        json!({}),
        json!(null),
    ];
    all_google_break("orders", &values, BrokenRule::OrdersInvalid).await;
}

#[tokio::test]
async fn a_token_with_256_orders_is_short_enough() {
    let google = Marketplace::start().await;
    let orders = (0..256).map(|n| format!("7d0e2f6a-93b1-4c55-8a7e-{n:012x}"));
    let orders: Vec<_> = orders.collect();
    let token = claims()
        .set_google("orders", orders.clone())
        .signed_by(key());
    assert!(token.len() > 14_000, "{}", token.len());
    let customer = google.verify(&token).await.unwrap();
    let read: Vec<_> = customer.orders().iter().map(ToString::to_string).collect();
    assert_eq!(read, orders);
}

#[tokio::test]
async fn orders_outside_of_google_are_ignored() {
    let google = Marketplace::start().await;
    let token = claims().set("orders", json!(["order"])).signed_by(key());
    assert_eq!(google.verify(&token).await.unwrap().orders(), []);
}

#[tokio::test]
async fn a_refusal_says_its_rule_and_nothing_of_the_token() {
    let google = Marketplace::start().await;
    let token = claims().set("sub", "secret/account").signed_by(key());
    let error = google.verify(&token).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token was refused: it breaks the rule subject_invalid"
    );
}
