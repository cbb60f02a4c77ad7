//! Dead letters, listed and replayed.

use http::StatusCode;
use serde_json::{Value, json};

use crate::deployment::{Ended, Environment, run};
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
    run(
        &environment,
        &[&["dead-letters"], arguments, &subscription].concat(),
    )
    .await
}

#[tokio::test]
async fn a_list_leaves_everything_where_it_is() {
    let pubsub = PubSub::default();
    let ended = dead_letters(&pubsub, 5, &["list"]).await;
    assert_eq!((ended.code, ended.complained.as_str()), (Some(0), ""));
    assert!(
        ended
            .said
            .starts_with(&format!("Dead letters in {SUBSCRIPTION}: 5\n"))
    );
    let lines = ended.said.lines().skip(2);
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
    let ended = dead_letters(&PubSub::default(), 0, &replay).await;
    assert!(
        ended.said.ends_with("Replayed 0 dead letters.\n"),
        "{}",
        ended.said
    );
}

#[tokio::test]
async fn a_letter_is_removed_only_after_it_was_published_as_it_was() {
    let pubsub = PubSub::default();
    let ended = dead_letters(&pubsub, 5, &["replay", "--to", TOPIC, "--yes"]).await;
    assert_eq!((ended.code, ended.complained.as_str()), (Some(0), ""));
    assert!(
        ended.said.ends_with("Replayed 5 dead letters.\n"),
        "{}",
        ended.said
    );
    assert_eq!(pubsub.left(), (0, 0));
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
    let ended = dead_letters(
        &pubsub,
        5,
        &["replay", "--to", TOPIC, "--max", "3", "--yes"],
    )
    .await;
    assert!(
        ended.said.ends_with("Replayed 3 dead letters.\n"),
        "{}",
        ended.said
    );
    assert_eq!(pubsub.left(), (2, 0));
}

#[tokio::test]
async fn letters_that_could_not_be_published_stay() {
    let refused = json!({ "error": { "code": 403, "status": "PERMISSION_DENIED", "message": "" } });
    for (status, answer, advice) in [
        (StatusCode::FORBIDDEN, refused, "roles/pubsub.publisher"),
        (
            StatusCode::OK,
            json!({ "messageIds": ["1"] }),
            "did not say that it has all",
        ),
    ] {
        let pubsub = PubSub::default();
        pubsub.with(|state| state.publish_fails = Some((status, answer)));
        let ended = dead_letters(&pubsub, 5, &["replay", "--to", TOPIC, "--yes"]).await;
        assert_eq!(ended.code, Some(1));
        assert!(
            ended.said.ends_with("Replayed 0 dead letters.\n"),
            "{}",
            ended.said
        );
        assert!(ended.complained.contains(advice), "{}", ended.complained);
        assert_eq!(pubsub.left(), (5, 0));
    }
}

#[tokio::test]
async fn a_replay_is_asked_for() {
    let pubsub = PubSub::default();
    let ended = dead_letters(&pubsub, 5, &["replay", "--to", TOPIC]).await;
    assert_eq!(ended.code, Some(64));
    assert!(
        ended.complained.contains("add --yes"),
        "{}",
        ended.complained
    );
    assert_eq!(pubsub.left(), (5, 0));
}
