//! The vendor's own topic.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use marketplace_simulator::{Fault, Matcher, MessageOutcome};
use serde_json::{Value, json};

use crate::caller::{Caller, check_refused, good, refusal};
use crate::endpoint::{Endpoint, Received};

pub(crate) const PUBLISH: &str =
    "/pubsub.googleapis.com/v1/projects/example-project/topics/marketplace-changes:publish";

#[tokio::test]
async fn what_is_published_is_kept_and_can_be_pushed_to_the_application() {
    let caller = Caller::start().await;
    let body = json!({"messages": [
        {"data": STANDARD.encode(r#"{"a":1}"#), "attributes": {"ce-id": "1"}, "orderingKey": "k"},
        {"attributes": {"ce-id": "2"}},
    ]});
    let answered = good(caller.post_to(PUBLISH, &body)).await;
    let published = caller.sim.published().when(|all| all.len() == 2).await;
    let ids: Vec<Value> = published.iter().map(|m| json!(m.message_id)).collect();
    assert_eq!(answered, json!({"messageIds": ids}));
    assert_eq!(published[0].json(), json!({"a": 1}));
    assert_eq!(published[0].attributes["ce-id"], "1");
    let topic = "projects/example-project/topics/marketplace-changes";
    assert_eq!(published[0].topic, topic);
    let application = Endpoint::subscriber(&[503]).await;
    let (sim, identity) = (&caller.sim, "application@example.com");
    sim.push_published_to(&application.url, identity, "application");
    sim.delivery_of_published().settled().await;
    assert_eq!(application.message_ids().len(), 3);
    let received = application.received();
    let first = &received[0].body["message"];
    assert_eq!(first["orderingKey"], "k");
    assert_eq!(first["messageId"], published[0].message_id);
    let no_data = |it: &&Received| it.body["message"].get("data").is_none();
    let no_data = received.iter().find(no_data).unwrap();
    let id = &no_data.body["message"]["messageId"];
    assert_eq!(id, &published[1].message_id);
    let acknowledged = sim.published().with_outcome(MessageOutcome::Acknowledged);
    assert_eq!(acknowledged.len(), 2);
    assert_eq!(sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_pub_sub_does_not_take_is_refused() {
    let caller = Caller::start().await;
    let long = "x".repeat(1_025);
    let of = |messages: Value| json!({ "messages": messages });
    let with = |attributes: Value| of(json!([{"data": "YQ==", "attributes": attributes}]));
    for (body, fits_the_schema) in [
        (json!({}), false),
        (of(json!([])), true),
        (of(json!([{}])), true),
        (of(json!([{"data": "?"}])), false),
        (with(json!({"a": 1})), false),
        (with(json!({"googa": "1"})), true),
        (with(json!({"a": long})), true),
        (of(json!([{"payload": "YQ=="}])), false),
        (json!({"messages": [{"data": "YQ=="}], "topic": "t"}), false),
        (of(json!(vec![json!({"data": "YQ=="}); 1_001])), true),
    ] {
        let before = caller.sim.violations().len();
        check_refused(caller.post_to(PUBLISH, &body), 400, "INVALID_ARGUMENT").await;
        let is_violation = caller.sim.violations().len() > before;
        assert_eq!(is_violation, !fits_the_schema, "{body}");
    }
    let other = PUBLISH.replace("marketplace-changes", "other");
    let body = json!({"messages": [{"data": "YQ=="}]});
    assert_eq!(refusal(caller.post_to(&other, &body)).await.0, 404);
    assert_eq!(caller.sim.published().count(), 0);
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_publication() {
    let caller = Caller::start().await;
    let body = json!({"messages": [{"data": "YQ=="}]});
    for (fault, published) in [(Fault::status(503), 0), (Fault::cut().after_effect(), 1)] {
        caller.sim.faults().next(Matcher::publish(), fault);
        let answer = caller.post_to(PUBLISH, &body).send().await;
        assert!(answer.is_err() || answer.unwrap().status() == 503);
        assert_eq!(caller.sim.published().count(), published);
    }
}
