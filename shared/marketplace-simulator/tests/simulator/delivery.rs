//! Events on their way to the function.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use marketplace_simulator::{Backoff, Message, MessageOutcome, Push, Round, Simulator};
use serde_json::{Value, json};

use crate::caller::Caller;
use crate::endpoint::Endpoint;
use crate::relying_party::payload;

const IDENTITY: &str = "push@example-project.iam.gserviceaccount.com";
const AUDIENCE: &str = "https://events.example.com/events";

async fn pushing(statuses: &[u16]) -> (Simulator, Endpoint) {
    let sim = Caller::start().await.sim;
    let subscriber = Endpoint::subscriber(statuses).await;
    sim.push_to(&subscriber.url, IDENTITY, AUDIENCE);
    (sim, subscriber)
}

fn content(body: &Value) -> Value {
    let data = STANDARD.decode(body["message"]["data"].as_str().unwrap());
    serde_json::from_slice(&data.unwrap()).unwrap()
}

/// What each attempt to deliver the message was answered.
fn statuses(message: &Message) -> Vec<Option<u16>> {
    message.attempts.iter().map(|it| it.status).collect()
}

fn ids(sim: &Simulator) -> Vec<String> {
    let sent = sim.events().all().into_iter();
    sent.map(|message| message.message_id).collect()
}

#[tokio::test]
async fn events_are_pushed_in_order_signed_and_in_pub_sub_s_envelope() {
    let (sim, subscriber) = pushing(&[]).await;
    sim.buy();
    sim.delivered().await;
    let received = subscriber.received();
    let types = received.iter().map(|it| &it.body);
    let types: Vec<Value> = types.map(|it| content(it)["eventType"].clone()).collect();
    assert_eq!(json!(types), json!(sim.events().types()));
    assert_eq!(types.len(), 3);
    let message = &sim.events().all()[0];
    assert_eq!(message.outcome, MessageOutcome::Acknowledged);
    assert_eq!(message.attempts.len(), 1);
    let body = &received[0].body;
    let time = message.publish_time.to_string();
    let expected = json!({
        "message": {
            "attributes": {},
            "data": STANDARD.encode(&message.data),
            "messageId": message.message_id,
            "message_id": message.message_id,
            "publishTime": time,
            "publish_time": time,
        },
        "subscription": "projects/example-project/subscriptions/marketplace-push",
        "deliveryAttempt": 1,
    });
    assert_eq!(body, &expected);
    let claims = payload(&received[0].token);
    assert_eq!(claims["email"], IDENTITY);
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["email_verified"], true);
}

#[tokio::test]
async fn keys_that_rotate_sign_the_next_push() {
    let (sim, subscriber) = pushing(&[]).await;
    for _ in 0..2 {
        sim.create_account();
        sim.delivered().await;
        sim.rotate_keys();
    }
    let received = subscriber.received();
    assert_ne!(received[0].token, received[1].token);
}

#[tokio::test]
async fn only_an_acknowledgement_ends_the_attempts() {
    let (sim, subscriber) = pushing(&[503, 400, 302, 203, 202]).await;
    sim.create_account();
    sim.delivered().await;
    let answered = statuses(&sim.events().all()[0]);
    assert_eq!(answered, [503, 400, 302, 203, 202].map(Some));
    let received = subscriber.received().into_iter();
    let attempts = received.map(|seen| seen.body["deliveryAttempt"].clone());
    assert_eq!(attempts.collect::<Value>(), json!([1, 2, 3, 4, 5]));
}

#[tokio::test]
async fn a_message_is_given_up_and_can_be_replayed() {
    let (sim, _subscriber) = pushing(&[500; 5]).await;
    sim.create_account();
    sim.delivered().await;
    let dead = sim.dead_letters();
    assert_eq!((dead.len(), dead[0].attempts.len()), (1, 5));
    assert_eq!(sim.delivery().replay_dead_letters(), 1);
    sim.delivered().await;
    assert_eq!(sim.dead_letters(), []);
    assert_eq!(sim.events().all()[0].outcome, MessageOutcome::Acknowledged);
}

#[tokio::test]
async fn without_a_dead_letter_policy_nothing_is_given_up_or_counted() {
    let sim = Caller::start().await.sim;
    let subscriber = Endpoint::subscriber(&[500; 20]).await;
    let backoff = Backoff {
        max_attempts: None,
        ..Backoff::default()
    };
    sim.create_account();
    sim.subscribe(Push::to(&subscriber.url, IDENTITY, AUDIENCE).backoff(backoff));
    sim.delivered().await;
    let received = subscriber.received();
    assert_eq!(received.len(), 21);
    assert_eq!(received[20].body.get("deliveryAttempt"), None);
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_a_failure() {
    let sim = Caller::start().await.sim;
    sim.push_to("http://127.0.0.1:1/events", IDENTITY, AUDIENCE);
    sim.create_account();
    sim.delivered().await;
    assert_eq!(statuses(&sim.dead_letters()[0]), [None; 5]);
}

#[tokio::test]
async fn messages_are_held_lost_late_and_doubled_on_request() {
    let (sim, subscriber) = pushing(&[]).await;
    let delivery = sim.delivery();
    delivery.drop_next();
    delivery.delay_next();
    delivery.duplicate_next(3);
    sim.buy();
    sim.delivered().await;
    let ids = ids(&sim);
    assert_eq!(subscriber.message_ids(), vec![ids[2].clone(); 3]);
    let [dropped, held, acknowledged] = sim.events().all().try_into().unwrap();
    assert_eq!(dropped.outcome, MessageOutcome::Dropped);
    assert_eq!(held.outcome, MessageOutcome::HeldBack);
    assert_eq!(acknowledged.outcome, MessageOutcome::Acknowledged);
    delivery.release(2);
    sim.delivered().await;
    assert_eq!(subscriber.message_ids()[3], ids[1]);

    delivery.hold();
    sim.create_account();
    sim.create_account();
    assert_eq!(delivery.deliver_one(5).await.status, Some(204));
    assert_eq!(subscriber.message_ids().len(), 5);
    assert_eq!(delivery.drop_waiting(), 1);
    delivery.resume();
    sim.delivered().await;
    assert_eq!(subscriber.message_ids().len(), 5);
}

#[tokio::test]
async fn an_attempt_of_its_own_that_fails_leaves_the_message_waiting() {
    let (sim, _subscriber) = pushing(&[503]).await;
    sim.delivery().hold();
    sim.create_account();
    assert_eq!(sim.delivery().deliver_one(1).await.status, Some(503));
    assert_eq!(sim.events().all()[0].outcome, MessageOutcome::Waiting);
    sim.delivery().resume();
    sim.delivered().await;
    assert_eq!(sim.events().all()[0].outcome, MessageOutcome::Acknowledged);
}

#[tokio::test]
async fn everything_is_delivered_shuffled_doubled_and_in_parallel() {
    let (sim, subscriber) = pushing(&[503, 503, 429]).await;
    sim.delivery().hold();
    for _ in 0..50 {
        sim.buy();
    }
    let Round {
        messages,
        deliveries,
        dead_lettered,
    } = sim.delivery().deliver_all(42, 3, 16).await;
    assert_eq!((messages, dead_lettered), (150, 0));
    assert!((200..400).contains(&deliveries), "{deliveries}");
    let received = subscriber.message_ids();
    // A copy that was refused is not sent again if another one has arrived meanwhile.
    assert!((deliveries..=deliveries + 3).contains(&received.len()));
    let received: BTreeSet<_> = received.into_iter().collect();
    assert_eq!(received, ids(&sim).into_iter().collect());
    let acknowledged = sim.events().with_outcome(MessageOutcome::Acknowledged);
    assert_eq!(acknowledged.len(), 150);
}

#[tokio::test]
async fn any_content_can_be_published() {
    let (sim, subscriber) = pushing(&[]).await;
    let number = sim.publish_event("not JSON");
    sim.delivered().await;
    let data = subscriber.received()[0].body["message"]["data"].clone();
    assert_eq!(data, STANDARD.encode("not JSON"));
    assert_eq!(sim.events().message(number).unwrap().json(), Value::Null);
}
