//! Events through the real Pub/Sub emulator.

use std::time::Duration;

use marketplace_simulator::{Backoff, MessageOutcome, PubSubEmulator, Push, Simulator};
use serde_json::json;

use crate::caller::{Caller, good};
use crate::endpoint::Endpoint;

const IDENTITY: &str = "push@example-project.iam.gserviceaccount.com";

/// The emulator waits at least a second between attempts, and has been seen to fall silent.
const PATIENCE: Duration = Duration::from_mins(2);

#[expect(
    clippy::disallowed_methods,
    reason = "the test run tells where the emulator is"
)]
fn emulator_host() -> String {
    std::env::var("PUBSUB_EMULATOR_HOST").expect(
        "missing: pubsub-emulator. PUBSUB_EMULATOR_HOST is not set: run the tests by scripts/check.sh, or install the emulator \
         (gcloud components install pubsub-emulator beta), start it with `source \
         scripts/pubsub-emulator.sh && start_pubsub_emulator LOG`, and set the variable",
    )
}

async fn pushing(project: &str, statuses: &[u16]) -> (Simulator, Endpoint) {
    let sim = Caller::start().await.sim;
    let subscriber = Endpoint::subscriber(statuses).await;
    let push = Push::to(&subscriber.url, IDENTITY, "audience").backoff(Backoff {
        first: Duration::from_millis(10),
        longest: Duration::from_millis(20),
        max_attempts: Some(5),
    });
    // The emulator keeps its data as long as it runs: each run has projects of its own.
    let project = format!("{project}-{}", jiff::Timestamp::now().as_microsecond());
    let emulator = PubSubEmulator::new(&emulator_host(), &project);
    sim.subscribe_through(emulator, push).await.unwrap();
    (sim, subscriber)
}

#[tokio::test]
async fn the_emulator_s_pushes_arrive_signed_and_are_repeated_until_acknowledged() {
    let (sim, subscriber) = pushing("repeated", &[503]).await;
    sim.buy();
    sim.delivered().await;
    let all = sim.events().all();
    assert!(
        all.iter()
            .all(|message| message.outcome == MessageOutcome::Acknowledged)
    );
    let attempts: usize = all.iter().map(|message| message.attempts.len()).sum();
    assert_eq!((attempts, subscriber.received().len()), (4, 4));
    assert!(subscriber.received()[0].token.starts_with("ey"));
    assert_eq!(
        subscriber.received()[0].body["message"]["attributes"],
        json!({})
    );
}

#[tokio::test]
async fn what_is_published_reaches_a_subscriber_of_the_emulator() {
    let project = format!("forwarded-{}", jiff::Timestamp::now().as_microsecond());
    let (host, topic) = (
        emulator_host(),
        format!("projects/{project}/topics/changes"),
    );
    let caller = Caller::set(|it| it.topics = vec![topic.clone()]).await;
    let sim = &caller.sim;
    sim.forward_published_to(&host).await.unwrap();
    // Once more, and the topic is there.
    sim.forward_published_to(&host).await.unwrap();
    let subscription = format!("http://{host}/v1/projects/{project}/subscriptions/application");
    let subscribe = caller
        .client
        .put(&subscription)
        .json(&json!({"topic": topic}));
    good(subscribe).await;
    let message = json!({"data": "YQ==", "attributes": {"ce-id": "1"}, "orderingKey": "k"});
    let publish = format!("/pubsub.googleapis.com/v1/{topic}:publish");
    let body = json!({"messages": [message]});
    good(caller.post_to(&publish, &body)).await;
    sim.delivery_of_published().settled().await;
    let pull = caller.client.post(format!("{subscription}:pull"));
    let pulled = good(pull.json(&json!({"maxMessages": 10}))).await;
    let received = &pulled["receivedMessages"][0]["message"];
    for field in ["data", "attributes", "orderingKey"] {
        assert_eq!(received[field], message[field], "{field}");
    }
}

#[tokio::test]
async fn the_emulator_gives_a_message_up() {
    let (sim, subscriber) = pushing("given-up", &[500; 20]).await;
    sim.create_account();
    tokio::time::timeout(PATIENCE, sim.delivered())
        .await
        .expect("the emulator gives up");
    let dead = sim.dead_letters();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].attempts.len(), subscriber.received().len());
    assert!(dead[0].attempts.len() >= 5, "{:?}", dead[0].attempts);
}
