//! Who may call.

use function_tests::forged_identities::forged_identities;
use marketplace_simulator::{Fault, Matcher};
use store::Store;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::function::TestFunction;

pub(crate) async fn no_caller_is_admitted_without_the_right_identity(store: Store) {
    let function = TestFunction::start(store).await;
    let simulator = &function.simulator;
    let order = simulator.buy();
    let customer = simulator.token(&order.account, &order.user);
    let mut forged = forged_identities(simulator, PUSH, AUDIENCE, customer);
    forged.push(Some(simulator.identity_token(SCHEDULER, AUDIENCE)));
    for token in forged {
        let (status, body) = function
            .post("/events", token.as_deref(), b"{}".to_vec())
            .await;
        assert_eq!(status, 401, "{body}");
        assert!(body.contains(r#""code":"not-authenticated""#), "{body}");
    }
    // Google was asked for nothing but the keys.
    assert_eq!(simulator.calls().count(&Matcher::procurement()), 0);
}

pub(crate) async fn every_route_answers_to_its_own_caller_and_method_alone(store: Store) {
    let function = TestFunction::start(store).await;
    let push = function.simulator.identity_token(PUSH, AUDIENCE);
    let scheduler = function.simulator.identity_token(SCHEDULER, AUDIENCE);
    for (path, token, expected) in [
        ("/events", &scheduler, 401),
        ("/reconcile", &push, 401),
        ("/reconcile", &scheduler, 200),
        ("/events", &push, 204),
        ("/", &push, 404),
        ("/events/", &push, 404),
    ] {
        let (status, _) = function.post(path, Some(token), b"{}".to_vec()).await;
        assert_eq!(status, expected, "{path}");
    }
    let got = function
        .client
        .get(format!("{}/events", function.origin))
        .send()
        .await
        .unwrap();
    assert_eq!(got.status().as_u16(), 405);
    assert_eq!(got.headers()["allow"], "POST");
}

#[tokio::test]
async fn without_keys_no_caller_is_refused_for_good() {
    let function = TestFunction::start(Store::memory()).await;
    let token = function.simulator.identity_token(PUSH, AUDIENCE);
    function
        .simulator
        .faults()
        .always(Matcher::any().path("/oauth2/v1/certs"), Fault::status(500));
    let (status, body) = function.post("/events", Some(&token), b"{}".to_vec()).await;
    assert_eq!(status, 503, "{body}");
}
