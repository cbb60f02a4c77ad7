//! The largest pushes, in the memory of a small instance.

use marketplace_simulator::{Settings, Simulator};

use crate::environment::{AUDIENCE, PUSH};
use crate::program::environment;
use crate::pushed::envelope;
use crate::running::start;

/// As many bytes as a push may carry, in base64 nearly all that it may have.
const LARGEST_DATA: usize = 11 * 1024 * 1024;

const LARGEST_BODY: usize = 15 * 1024 * 1024;

const ALLOWED: u64 = 64 * 1024 * 1024;

/// As many of these as fit, between a beginning and an end.
fn filled(beginning: &str, item: &str, end: &str, size: usize) -> Vec<u8> {
    let room = size - beginning.len() - end.len();
    let items = item.repeat(room / item.len());
    format!("{beginning}{items}{end}").into_bytes()
}

/// Pushed to a program of its own, so that no other push's memory counts.
async fn stays_small(name: &str, body: Vec<u8>) {
    assert!(body.len() <= LARGEST_BODY, "{name}: {}", body.len());
    let simulator = Simulator::start(Settings::default()).await;
    let (program, caller) = start(&environment(&simulator)).await;
    let token = simulator.identity_token(PUSH, AUDIENCE);
    let (status, _) = caller.post("/events", &token, body).await.unwrap();
    let memory = program.most_memory();
    assert_eq!(status, 204, "{name}");
    assert!(memory < ALLOWED, "{name}: {memory} bytes");
}

#[tokio::test]
async fn a_message_of_many_small_items_stays_small() {
    let data = filled(r#"{"note":["#, "[],", "[]]}", LARGEST_DATA);
    stays_small("lists", envelope(&data)).await;
    let data = filled("{", r#""a":{},"#, r#""b":0}"#, LARGEST_DATA);
    stays_small("members", envelope(&data)).await;
}

#[tokio::test]
async fn a_message_that_is_deeply_nested_stays_small() {
    let half = LARGEST_DATA / 2 - 16;
    let nested = "[".repeat(half) + &"]".repeat(half);
    stays_small(
        "nested",
        envelope(format!(r#"{{"note":{nested}}}"#).as_bytes()),
    )
    .await;
}

#[tokio::test]
async fn an_envelope_of_many_small_items_stays_small() {
    let body = filled(
        r#"{"message":{"attributes":["#,
        "{},",
        "{}]}}",
        LARGEST_BODY,
    );
    stays_small("attributes", body).await;
    // Not even text: made one, it would be three times as large.
    stays_small("no text", vec![0xff; LARGEST_BODY]).await;
}

#[tokio::test]
async fn a_long_type_and_long_ids_stay_small() {
    for member in ["eventType", "eventId"] {
        let beginning = format!(r#"{{"entitlement":{{"id":"a?b"}},"{member}":""#);
        let data = filled(&beginning, "\\u0041", "\"}", LARGEST_DATA);
        stays_small(member, envelope(&data)).await;
    }
}
