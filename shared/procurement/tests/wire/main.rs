//! The client over real connections: what must go right against the simulated Marketplace, which
//! checks every request, and what can go wrong against a small server that answers as a test says.
#![cfg(test)]

mod accounts;
mod entitlements;
#[expect(
    dead_code,
    reason = "google-calls tests more with it than these tests do"
)]
#[path = "../../../google-calls/tests/wire/fake.rs"]
mod fake;
mod faults;
mod pages;
mod simulator;

use google_calls::{Credentials, GoogleApi, Http};
use marketplace::{EntitlementId, ProcurementAccountId, ProviderId};
use procurement::Procurement;

use fake::Fake;

const HOST: &str = "cloudcommerceprocurement.googleapis.com";

fn client(fake: &Fake) -> Procurement {
    let provider = ProviderId::parse("example-partner").unwrap();
    let origin = fake.origin();
    let credentials = Credentials::new(&origin);
    Procurement::new(&origin, provider, GoogleApi::new(Http::new(), credentials))
}

fn account_id() -> ProcurementAccountId {
    ProcurementAccountId::parse("E-1234").unwrap()
}

fn entitlement_id() -> EntitlementId {
    EntitlementId::parse("7a1c").unwrap()
}
