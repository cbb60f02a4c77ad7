//! The log of calls.

use marketplace_simulator::{Fault, Matcher};
use serde_json::json;

use crate::caller::{Caller, answer, refusal};

#[tokio::test]
async fn each_call_is_logged_with_its_template_and_outcome() {
    let caller = Caller::start().await;
    let order = caller.sim.buy();
    let path = format!("/accounts/{}:approve", order.account);
    answer(caller.post(&path, &json!({}))).await;
    refusal(caller.post(&path, &json!({}))).await;
    let calls = caller.sim.calls().all();
    let approved = format!("accounts approve {}", order.account);
    let refused = "FAILED_PRECONDITION: Precondition check failed.";
    let expected = [(1, 200, approved.as_str()), (2, 400, refused)];
    for (call, (number, status, summary)) in calls.iter().zip(expected) {
        assert_eq!((call.number, call.method.as_str()), (number, "POST"));
        assert_eq!(
            (call.status, call.summary.as_str()),
            (Some(status), summary)
        );
    }
    assert_eq!(calls.len(), 2);
    assert_eq!(
        calls[0].template,
        "/v1/providers/{providersId}/accounts/{accountsId}:approve"
    );
    assert_eq!(calls[0].host, "cloudcommerceprocurement.googleapis.com");
    assert_eq!(caller.sim.calls().after(1).len(), 1);
    caller.sim.calls().clear();
    assert_eq!(caller.sim.calls().all(), []);
}

#[tokio::test]
async fn a_call_is_in_the_log_while_it_is_being_answered() {
    let caller = Caller::start().await;
    let hang = caller.sim.faults().next(Matcher::any(), Fault::hang());
    let list = tokio::spawn(answer(caller.get("/accounts")));
    hang.arrived().await;
    let open = caller.sim.calls().all();
    assert_eq!((open.len(), open[0].status), (1, None));
    assert_eq!(open[0].fault.as_deref(), Some("hang"));
    hang.release();
    let calls = caller.sim.calls();
    let answered = calls.answered(&Matcher::procurement(), 1).await;
    assert_eq!(answered[0].status, Some(200));
    list.await.unwrap();
}

#[tokio::test]
async fn no_secret_is_logged() {
    let caller = Caller::start().await;
    let path = "/iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/hand-off@example-project.iam.gserviceaccount.com:signJwt";
    let body = json!({"payload": "{\"sub\":\"secret-subject\"}"});
    answer(caller.post_to(path, &body)).await;
    let token = caller.sim.authorization();
    let request = caller.request(
        "GET",
        "/metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token",
    );
    answer(request.header("metadata-flavor", "Google")).await;
    let log = format!("{:?}", caller.sim.calls().all());
    assert!(!log.contains("secret-subject"));
    assert!(!log.contains("eyJ"));
    assert!(!log.contains(token.to_str().unwrap().trim_start_matches("Bearer ")));
}
