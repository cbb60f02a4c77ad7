//! Dead letters, listed and replayed.

use http::StatusCode;
use serde_json::{Value, json};

use crate::deployment::{Ended, Environment, assert_has, run};
use crate::pubsub_server::{PubSub, SUBSCRIPTION, TOPIC};

/// Dead letters as Pub/Sub puts them aside.
fn letters(count: usize) -> Vec<Value> {
    let letter = |n: usize| {
        json!({
            "data": "eyJhIjoxfQ==",
            "attributes": {
                "n": n.to_string(),
                "CloudPubSubDeadLetterSourceDeliveryCount": "7",
            },
            "messageId": format!("message-{n}"),
            "publishTime": "2026-01-02T03:04:05Z",
        })
    };
    (0..count).map(letter).collect()
}

async fn dead_letters(pubsub: &PubSub, count: usize, arguments: &[&str]) -> Ended {
    let origin = pubsub.start(letters(count)).await;
    let environment: Environment = [("GOOGLE_ORIGIN".to_owned(), origin)].into();
    let subscription = ["--subscription", SUBSCRIPTION];
    let arguments = [&["dead-letters"], arguments, &subscription].concat();
    run(&environment, &arguments).await
}

/// Asserts how many of five dead letters a command says that it replayed, and that the others stay.
#[track_caller]
fn assert_replayed(said: &str, pubsub: &PubSub, count: usize) {
    let end = format!("Replayed {count} dead letters.\n");
    assert!(said.ends_with(&end), "{said}");
    assert_eq!(pubsub.left(), (5 - count, 0));
}

#[tokio::test]
async fn a_list_leaves_everything_where_it_is() {
    let pubsub = PubSub::default();
    let said = dead_letters(&pubsub, 5, &["list"]).await.done();
    let head = format!("Dead letters in {SUBSCRIPTION}: 5\n");
    assert!(said.starts_with(&head), "{said}");
    let lines = said.lines().skip(2);
    for (n, line) in lines.enumerate() {
        let cells: Vec<_> = line.split_whitespace().collect();
        let id = format!("message-{n}");
        assert_eq!(cells, [id.as_str(), "2026-01-02T03:04:05Z", "7", "9"]);
    }
    assert_eq!(pubsub.left(), (5, 0));
    pubsub.with(|state| assert!(state.acknowledged.is_empty() && state.published.is_empty()));
}

#[tokio::test]
async fn an_empty_subscription_is_said_to_be_empty() {
    let ended = dead_letters(&PubSub::default(), 0, &["list"]).await;
    assert_eq!(ended.said, format!("No dead letters in {SUBSCRIPTION}.\n"));
    let replay = ["replay", "--to", TOPIC, "--yes"];
    let said = dead_letters(&PubSub::default(), 0, &replay).await.said;
    assert!(said.ends_with("Replayed 0 dead letters.\n"), "{said}");
}

#[tokio::test]
async fn a_letter_is_removed_only_after_it_was_published_as_it_was() {
    let pubsub = PubSub::default();
    let replay = ["replay", "--to", TOPIC, "--yes"];
    let said = dead_letters(&pubsub, 5, &replay).await.done();
    assert_replayed(&said, &pubsub, 5);
    let sent = letters(5)
        .into_iter()
        .map(|letter| json!({ "data": letter["data"], "attributes": letter["attributes"] }));
    pubsub.with(|state| {
        assert_eq!(state.published, sent.collect::<Vec<_>>());
        let acknowledged: Vec<_> = state.acknowledged.iter().map(|(_, by)| *by).collect();
        assert_eq!(acknowledged, [2, 2, 4, 4, 5]);
    });
}

#[tokio::test]
async fn no_more_than_asked_for_are_replayed() {
    let pubsub = PubSub::default();
    let replay = ["replay", "--to", TOPIC, "--max", "3", "--yes"];
    let said = dead_letters(&pubsub, 5, &replay).await.said;
    assert_replayed(&said, &pubsub, 3);
}

#[tokio::test]
async fn letters_that_could_not_be_published_stay() {
    let refused = json!({ "error": { "code": 403, "status": "PERMISSION_DENIED", "message": "" } });
    let one = json!({ "messageIds": ["1"] });
    for (status, answer, advice) in [
        (StatusCode::FORBIDDEN, refused, "roles/pubsub.publisher"),
        (StatusCode::OK, one, "did not say that it has all"),
    ] {
        let pubsub = PubSub::default();
        pubsub.with(|state| state.publish_fails = Some((status, answer)));
        let ended = dead_letters(&pubsub, 5, &["replay", "--to", TOPIC, "--yes"]).await;
        assert_eq!(ended.code, Some(1));
        assert_replayed(&ended.said, &pubsub, 0);
        assert_has(&ended.complained, &[advice]);
    }
}

#[tokio::test]
async fn a_replay_is_asked_for() {
    let pubsub = PubSub::default();
    let ended = dead_letters(&pubsub, 5, &["replay", "--to", TOPIC]).await;
    assert_eq!(ended.code, Some(64));
    assert_has(&ended.complained, &["add --yes"]);
    assert_eq!(pubsub.left(), (5, 0));
}
