//! Approvals over real connections, where Google answers as a test says: also what the simulated Marketplace never
//! does.
#![cfg(test)]

mod accounts;
#[expect(
    dead_code,
    reason = "google-calls tests more with it than these tests do"
)]
#[path = "../../../google-calls/tests/wire/fake.rs"]
mod fake;
mod held_orders;
mod orders;

use approval::{ApprovalPolicy, Approvals};
use google_calls::{Credentials, GoogleApi, Http};
use marketplace::{EntitlementId, ProcurementAccountId, ProductId, Products, ProviderId};
use procurement::Procurement;
use serde_json::{Value, json};
use store::Store;

use fake::{Fake, FakeAnswer};

const HOST: &str = "cloudcommerceprocurement.googleapis.com";

fn approvals(fake: &Fake, store: Store) -> Approvals {
    let provider = ProviderId::parse("example-partner").unwrap();
    let origin = fake.origin();
    let credentials = Credentials::new(&origin);
    let api = GoogleApi::new(Http::new(), credentials);
    let products = Products::new(vec![product()]).unwrap();
    let procurement = Procurement::new(&origin, provider, api);
    Approvals::new(procurement, store, products, ApprovalPolicy::Auto)
}

fn account_id() -> ProcurementAccountId {
    ProcurementAccountId::parse("E-1234").unwrap()
}

fn entitlement_id(id: &str) -> EntitlementId {
    EntitlementId::parse(id).unwrap()
}

fn product() -> ProductId {
    ProductId::parse("ours").unwrap()
}

/// The account, with its approval `signup` in this state or without any.
fn account(signup: Option<&str>) -> Value {
    let mut account = json!({"name": "providers/example-partner/accounts/E-1234"});
    if let Some(state) = signup {
        account["approvals"] = json!([{"name": "signup", "state": state}]);
    }
    account
}

fn order(id: &str, state: &str) -> Value {
    json!({
        "name": format!("providers/example-partner/entitlements/{id}"),
        "account": "providers/example-partner/accounts/E-1234",
        "productExternalName": "ours",
        "newPendingPlan": "pro",
        "state": state,
    })
}

fn ok(body: &Value) -> FakeAnswer {
    FakeAnswer::json(200, &body.to_string())
}

/// An error as Google writes it.
fn error(code: u16) -> FakeAnswer {
    let error = json!({"error": {"code": code, "message": "No.", "status": "SOME_STATUS"}});
    FakeAnswer::json(code, &error.to_string())
}

fn answer(fake: &Fake, answers: &[FakeAnswer]) {
    for answer in answers {
        fake.then(HOST, answer.clone());
    }
}

/// What was asked, without what all addresses have in common.
fn calls(fake: &Fake) -> Vec<String> {
    let calls = fake.calls(HOST).into_iter();
    calls
        .map(|call| call.replace("/v1/providers/example-partner/", ""))
        .collect()
}
