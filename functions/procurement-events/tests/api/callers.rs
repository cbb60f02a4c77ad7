//! Who may call.

use function_tests::forged_identities::{forged_identities, identity_claims, signed};
use function_tests::log::Log;
use function_tests::refused_heads;
use marketplace_simulator::{Fault, Matcher};
use store::Store;

use crate::environment::{AUDIENCE, PUSH, SCHEDULER};
use crate::function::{EventsSetup, TestFunction};

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

#[tokio::test]
async fn nobody_without_a_token_is_asked_for_a_body() {
    let function = TestFunction::start(Store::memory()).await;
    for route in ["/events", "/reconcile"] {
        refused_heads::are_answered_without_their_bodies(&function.origin, route).await;
    }
    assert!(function.simulator.calls().all().is_empty());
}

#[tokio::test]
async fn a_caller_made_again_at_an_accepted_address_is_refused() {
    let (push_id, scheduler_id) = ("112233445566778899222", "112233445566778899333");
    let function = EventsSetup::over(Store::memory())
        .with("PUSH_IDENTITY", &format!("{PUSH}={push_id}"))
        .with("SCHEDULER_IDENTITY", &format!("{SCHEDULER}={scheduler_id}"))
        .start()
        .await;
    for (path, email, id, expected) in [
        ("/events", PUSH, "112233445566778899223", 401),
        ("/events", PUSH, scheduler_id, 401),
        ("/events", PUSH, push_id, 204),
        ("/reconcile", SCHEDULER, push_id, 401),
        ("/reconcile", SCHEDULER, scheduler_id, 200),
    ] {
        let token = signed(&identity_claims(email, AUDIENCE).set("sub", id));
        let (status, body) = function.post(path, Some(&token), b"{}".to_vec()).await;
        assert_eq!(status, expected, "{path} {id} {body}");
    }
}

#[tokio::test]
async fn only_the_log_tells_a_token_without_an_email_from_a_stranger_s() {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(Store::memory()).await;
    let stranger = "stranger@example-project.iam.gserviceaccount.com";
    for (claims, why) in [
        (
            identity_claims(PUSH, AUDIENCE).without("email"),
            "has no e-mail: ask for it with format=full (metadata server) or --include-email (gcloud)",
        ),
        (
            identity_claims(stranger, AUDIENCE),
            "it breaks the rule email\"",
        ),
    ] {
        let (status, body) = function
            .post("/events", Some(&signed(&claims)), b"{}".to_vec())
            .await;
        assert_eq!(status, 401, "{body}");
        assert!(body.contains(r#""code":"not-authenticated""#), "{body}");
        let error = log.last_request()["error"].to_string();
        assert!(error.contains(why), "{error}");
    }
}
