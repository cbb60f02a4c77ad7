//! Messages that cannot be used.

use marketplace_simulator::Matcher;
use serde_json::json;
use store::Store;

use crate::environment::{AUDIENCE, PUSH};
use crate::function::TestFunction;

pub(crate) async fn an_unusable_message_is_kept_and_acknowledged(store: Store) {
    let function = TestFunction::start(store).await;
    let token = function.simulator.identity_token(PUSH, AUDIENCE);
    let bodies: [&[u8]; 7] = [
        b"",
        b"\xff\xfe",
        b"[]",
        br#"{"message":{"attributes":{},"messageId":"1"}}"#,
        br#"{"message":{"data":"*","messageId":"2"}}"#,
        br#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"E-1"}}"#,
        br#"{"message":{"data":{},"messageId":"3"}}"#,
    ];
    for body in bodies {
        let (status, answer) = function.post("/events", Some(&token), body.to_vec()).await;
        assert_eq!((status, answer.as_str()), (204, ""), "{body:?}");
    }
    let data = [
        "",
        "7",
        "{}",
        "\u{0}",
        r#"{"eventType":"ENTITLEMENT_ACTIVE","entitlement":{"id":"../accounts/A"}}"#,
        r#"{"eventType":"ACCOUNT_ACTIVE","account":{"id":"a%2Fb"}}"#,
        r#"{"entitlement":{"updateTime":"2026-01-21T00:06:17Z"}}"#,
    ];
    for data in data {
        assert_eq!(function.deliver_data(data.as_bytes()).await, 204, "{data}");
    }
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    let kept = function.events_with_outcome("not-an-id").await;
    assert_eq!(kept.len(), 2);
    for receipt in kept {
        assert_eq!(receipt.kind, "malformed");
        assert!(receipt.body.unwrap().contains("eventType"));
        let kept = receipt.keep_until.duration_since(receipt.handled);
        assert_eq!(kept.as_hours(), 35 * 24);
        let lines = function.kept_messages().await;
        let line = lines
            .iter()
            .find(|line| line.details["message"] == receipt.id);
        assert_eq!(line.unwrap().details["reason"], "not-an-id");
    }
}

pub(crate) async fn a_message_that_is_kept_is_kept_once(store: Store) {
    let function = TestFunction::start(store).await;
    for data in [
        "{}",
        r#"{"eventType":"OFFER_CREATED","offer":{"id":"O-1"}}"#,
    ] {
        for _ in 0..2 {
            assert_eq!(function.deliver_data(data.as_bytes()).await, 204, "{data}");
        }
    }
    assert_eq!(function.kept_messages().await.len(), 2);
}

pub(crate) async fn an_unknown_type_without_an_id_is_kept_and_acknowledged(store: Store) {
    let function = TestFunction::start(store).await;
    for message in [
        json!({ "eventType": "OFFER_CREATED", "offer": { "id": "O-1" } }),
        json!({ "eventType": "ENTITLEMENT_SOMETHING_NEW", "entitlement": { "id": "../A" } }),
    ] {
        assert_eq!(function.deliver(&message).await, 204, "{message}");
        let kept = function.events_with_outcome("unknown-type").await;
        let bodies: Vec<_> = kept.into_iter().filter_map(|kept| kept.body).collect();
        assert!(bodies.contains(&message.to_string()), "{message}");
    }
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
}

pub(crate) async fn ten_megabytes_are_acknowledged(store: Store) {
    let function = TestFunction::start(store).await;
    let message = json!({ "eventType": "ENTITLEMENT_ACTIVE", "padding": "x".repeat(10_000_000) });
    assert_eq!(function.deliver(&message).await, 204);
    let kept = function.events_with_outcome("no-resource").await;
    assert_eq!(kept[0].body.as_ref().map(String::len), Some(2_000));
}
