//! Key endpoints.

use std::time::Duration;

use marketplace::{ProcurementAccountId, Role, UserIdentity};
use marketplace_simulator::{KeyLifetime, Matcher, OrdersInTokens};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::relying_party::payload;

const X509: &str =
    "/www.googleapis.com/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com";

async fn keys(caller: &Caller, path: &str) -> Value {
    caller.plain(path).await.json().await.unwrap()
}

#[tokio::test]
async fn every_key_endpoint_has_two_keys_and_says_how_long_they_may_be_kept() {
    let caller = Caller::start().await;
    let signer = "hand-off@example-project.iam.gserviceaccount.com";
    let of_signer = "/www.googleapis.com/service_accounts/v1";
    for (path, form) in [
        (X509.to_owned(), "x509"),
        (X509.replace('@', "%40"), "x509"),
        (X509.replace("x509", "jwk"), "jwk"),
        ("/www.googleapis.com/oauth2/v1/certs".to_owned(), "x509"),
        ("/www.googleapis.com/oauth2/v3/certs".to_owned(), "jwk"),
        (format!("{of_signer}/metadata/x509/{signer}"), "x509"),
        (format!("{of_signer}/jwk/{signer}"), "jwk"),
    ] {
        let response = caller.plain(&path).await;
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers();
        let cache = "public, max-age=18821, must-revalidate, no-transform";
        assert_eq!(headers["cache-control"], cache);
        assert_eq!(headers["age"], "60");
        assert_eq!(headers["content-type"], "application/json; charset=UTF-8");
        let body: Value = response.json().await.unwrap();
        let count = match form {
            "x509" => body.as_object().unwrap().len(),
            _ => body["keys"].as_array().unwrap().len(),
        };
        assert_eq!(count, 2, "{path}");
    }
    assert_eq!(caller.sim.calls().count(&Matcher::marketplace_keys()), 3);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn after_a_rotation_the_new_key_is_published_with_the_one_before() {
    let caller = Caller::start().await;
    let old = caller.sim.signing_key().kid.clone();
    let before = keys(&caller, X509).await;
    assert!(before.get(&old).is_some());
    caller.sim.rotate_keys();
    let new = caller.sim.signing_key().kid.clone();
    assert!(before.get(&new).is_none());
    let after = keys(&caller, X509).await;
    assert!(after.get(&new).is_some() && after.get(&old).is_some());
    caller.sim.rotate_keys();
    assert!(keys(&caller, X509).await.get(&old).is_none());
}

#[tokio::test]
async fn the_lifetime_of_keys_can_change() {
    let caller = Caller::start().await;
    caller.sim.set_key_lifetime(KeyLifetime {
        max_age: Duration::from_secs(100),
        age: Duration::ZERO,
    });
    let response = caller.plain(X509).await;
    let cache = &response.headers()["cache-control"];
    assert_eq!(cache, "public, max-age=100, must-revalidate, no-transform");
    assert_eq!(response.headers()["age"], "0");
}

#[tokio::test]
async fn a_token_says_what_the_marketplace_knows_of_the_user() {
    let caller = Caller::set(|it| it.orders_in_tokens = OrdersInTokens::Listed).await;
    let sim = &caller.sim;
    let order = sim.buy();
    let second = sim.buy_again(&order.account);
    sim.cancel(&sim.buy_again(&order.account).entitlement)
        .unwrap();
    let editor = sim.add_user(&order.account, vec![Role::ProjectEditor]);
    let claims = payload(&sim.token(&order.account, &editor.clone().unwrap()));
    assert_eq!(claims["aud"], "signup.example.com");
    assert_eq!(claims["sub"], order.account.as_str());
    let expected = json!({
        "roles": ["project_editor"],
        "user_identity": editor.unwrap().as_str(),
        "orders": [order.entitlement.as_str(), second.entitlement.as_str()],
    });
    assert_eq!(claims["google"], expected);
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 300);
}

#[tokio::test]
async fn a_token_can_be_for_somebody_the_marketplace_never_saw() {
    let caller = Caller::start().await;
    let account = ProcurementAccountId::parse("E-1234").unwrap();
    let user = UserIdentity::parse("42").unwrap();
    let claims = payload(&caller.sim.token(&account, &user));
    assert_eq!(claims["sub"], "E-1234");
    let expected = json!({"roles": ["account_admin"], "user_identity": "42"});
    assert_eq!(claims["google"], expected);
}
