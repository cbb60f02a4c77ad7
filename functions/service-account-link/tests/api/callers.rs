//! Who may call.

use function_tests::forged_identities::{forged_identities, identity_claims, signed};
use function_tests::log::Log;
use function_tests::refused_heads;
use marketplace_simulator::{Fault, Matcher};
use store::Store;

use crate::environment::{AUDIENCE, CALLER};
use crate::function::TestFunction;

pub(crate) async fn nobody_is_let_in_without_the_right_identity(store: Store) {
    let (function, customer) = TestFunction::with_customer(store).await;
    let simulator = &function.simulator;
    let of_customer = simulator.token(customer.id(), customer.user());
    let forged = forged_identities(simulator, CALLER, AUDIENCE, of_customer);
    for token in forged {
        // A caller that is refused does not learn whether the body was good either.
        for body in [customer.body().to_string(), "{".to_owned()] {
            let answer = function
                .post(token.as_deref(), body.into_bytes(), None)
                .await;
            assert_eq!(answer.refusal(), (401, "not-authenticated"), "{token:?}");
        }
    }
    // Google was asked for nothing but the keys.
    assert_eq!(simulator.calls().count(&Matcher::iam()), 0);
    assert_eq!(simulator.calls().count(&Matcher::access_token()), 0);
    let body = customer.body().to_string().into_bytes();
    let good = signed(&identity_claims(CALLER, AUDIENCE));
    let answer = function.post(Some(&good), body, None).await;
    assert_eq!(answer.status, 200);
}

pub(crate) async fn only_one_address_answers_and_only_to_a_post(store: Store) {
    let function = TestFunction::start(store).await;
    for (path, status) in [
        ("/", 404),
        ("/service-account-links/", 404),
        ("/service-account-links/x", 404),
        ("/service-account-links", 405),
    ] {
        let url = format!("{}{path}", function.origin);
        let request = function.client.get(url).bearer_auth(function.token());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let allow = (status == 405).then_some("POST");
        let allowed = answer.headers().get("allow").map(|it| it.to_str().unwrap());
        assert_eq!(allowed, allow);
    }
    let answer = function
        .post(Some(&function.token()), vec![b' '; 17_000], None)
        .await;
    assert_eq!(answer.refusal(), (413, "body-too-large"));
}

#[tokio::test]
async fn without_keys_no_caller_is_refused_for_good() {
    let (function, customer) = TestFunction::with_customer(Store::memory()).await;
    let keys = Matcher::any().path("/oauth2/v1/certs");
    function.simulator.faults().always(keys, Fault::status(500));
    let answer = function.ask(&customer.body()).await;
    assert_eq!(answer.refusal(), (503, "keys-unavailable"));
}

#[tokio::test]
async fn nobody_without_a_token_is_asked_for_a_body() {
    let function = TestFunction::start(Store::memory()).await;
    refused_heads::are_answered_without_their_bodies(&function.origin, "/service-account-links")
        .await;
    assert!(function.simulator.calls().all().is_empty());
}

#[tokio::test]
async fn a_caller_made_again_at_an_accepted_address_is_refused() {
    let claims = || identity_claims(CALLER, AUDIENCE).set("sub", "112233445566778899222");
    let callers = format!("{CALLER}=112233445566778899222");
    let function = TestFunction::accepting(&callers, Store::memory()).await;
    let customer = function.customer().await;
    let body = || customer.body().to_string().into_bytes();
    let again = signed(&claims().set("sub", "112233445566778899223"));
    let answer = function.post(Some(&again), body(), None).await;
    assert_eq!(answer.refusal(), (401, "not-authenticated"));
    let answer = function.post(Some(&signed(&claims())), body(), None).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn only_the_log_tells_a_token_without_an_email_from_a_stranger_s() {
    let (log, _capturing) = Log::capture("service-account-link");
    let (function, customer) = TestFunction::with_customer(Store::memory()).await;
    let stranger = "stranger@example-project.iam.gserviceaccount.com";
    for (claims, why) in [
        (
            identity_claims(CALLER, AUDIENCE).without("email"),
            "has no e-mail: ask for it with format=full (metadata server) or --include-email (gcloud)",
        ),
        (
            identity_claims(stranger, AUDIENCE),
            "it breaks the rule email\"",
        ),
    ] {
        let body = customer.body().to_string().into_bytes();
        let answer = function.post(Some(&signed(&claims)), body, None).await;
        assert_eq!(answer.refusal(), (401, "not-authenticated"));
        let error = log.last_request()["error"].to_string();
        assert!(error.contains(why), "{error}");
    }
}
