//! What a batch may look like, and what is refused.

use serde_json::{Value, json};

use super::*;

fn record() -> Value {
    json!({
        "entitlement": "E-1",
        "metric": "requests",
        "quantity": 3,
        "occurred_at": "2026-01-21T02:00:00.1234567+01:00",
        "idempotency_key": "k-1",
        "labels": { "environment": "prod" },
    })
}

fn parsed(record: &Value) -> SentItem {
    let body = json!({ "records": [record] }).to_string();
    parse(body.as_bytes()).unwrap().remove(0)
}

#[test]
fn a_record_has_five_members_and_may_have_labels() {
    let SentItem::Record(sent) = parsed(&record()) else {
        panic!("a record");
    };
    assert_eq!(sent.occurred_at.to_string(), "2026-01-21T01:00:00.123456Z");
    assert_eq!(sent.labels["environment"], "prod");
    let mut bare = record();
    bare.as_object_mut().unwrap().remove("labels");
    assert!(matches!(parsed(&bare), SentItem::Record(sent) if sent.labels.is_empty()));
}

#[test]
fn a_label_that_is_named_twice_is_no_label() {
    for (labels, is_record) in [
        (r#"{"a": "1", "b": "1"}"#, true),
        (r#"{"a": "1", "a": "2"}"#, false),
        (r#"{"a": "1", "a": "1"}"#, false),
        (r#"{"a": "1", "\u0061": "1"}"#, false),
    ] {
        let bare = r#""entitlement": "E-1", "metric": "requests", "quantity": 3,
            "occurred_at": "2026-01-21T01:00:00Z", "idempotency_key": "k-1""#;
        let body = format!(r#"{{"records": [{{{bare}, "labels": {labels}}}]}}"#);
        let items = parse(body.as_bytes()).unwrap();
        let is_read = matches!(&items[..], [SentItem::Record(_)]);
        assert_eq!(is_read, is_record, "{labels}");
        if !is_record {
            assert_eq!(items, [SentItem::Malformed(Some("k-1".to_owned()))]);
        }
    }
}

#[test]
fn a_malformed_record_does_not_affect_the_others() {
    let long = "k".repeat(129);
    for (member, value) in [
        ("entitlement", json!("a/b")),
        ("entitlement", json!(1)),
        ("metric", json!(null)),
        ("quantity", json!("3")),
        ("quantity", json!(null)),
        ("quantity", json!([3])),
        ("occurred_at", json!("2026-01-21T01:00:00")),
        ("occurred_at", json!("yesterday")),
        ("occurred_at", json!(1_795_000_000)),
        ("occurred_at", json!("-009999-01-01T00:00:00Z!")),
        ("labels", json!(null)),
        ("labels", json!({ "a": 1 })),
        ("labels", json!({ "a b": "x" })),
        ("labels", json!({ "a": "x\n" })),
        ("Quantity", json!(3)),
    ] {
        let mut record = record();
        record[member] = value;
        let key = Some("k-1".to_owned());
        assert_eq!(parsed(&record), SentItem::Malformed(key), "{record}");
    }
    for key in [json!(""), json!(long), json!("a b"), json!("ä"), json!(1)] {
        let mut record = record();
        record["idempotency_key"] = key;
        assert_eq!(parsed(&record), SentItem::Malformed(None), "{record}");
    }
    for text in [json!(null), json!([]), json!("E-1"), json!({})] {
        assert_eq!(parsed(&text), SentItem::Malformed(None));
    }
    let twice = r#"{"records": [{"entitlement": "E-1", "entitlement": "E-1", "metric": "m",
        "quantity": 1e999, "occurred_at": "2026-01-21T01:00:00Z", "idempotency_key": "k"}]}"#;
    assert_eq!(
        parse(twice.as_bytes()).unwrap(),
        [SentItem::Malformed(Some("k".to_owned()))]
    );
    let two_keys = r#"{"records": [{"idempotency_key": "k", "idempotency_key": "k"}]}"#;
    assert_eq!(
        parse(two_keys.as_bytes()).unwrap(),
        [SentItem::Malformed(None)]
    );
}

#[test]
fn a_malformed_record_may_be_nested_at_will() {
    let deep = format!(
        r#"{{"records": [{{"quantity": {}{}, "idempotency_key": "k"}}]}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert_eq!(
        parse(deep.as_bytes()).unwrap(),
        [SentItem::Malformed(Some("k".to_owned()))]
    );
}

#[test]
fn any_other_body_is_refused_as_a_whole() {
    for text in [
        "",
        "null",
        "[]",
        "[[]]",
        "{}",
        r#"{"records": null}"#,
        r#"{"records": {}}"#,
        r#"{"records": [], "records": []}"#,
        r#"{"records": [], "more": 1}"#,
        r#"{"records": [{"quantity": NaN}]}"#,
        r#"{"records": []} x"#,
    ] {
        let refused = parse(text.as_bytes());
        assert!(
            matches!(refused, Err(InvalidBody::Malformed { .. })),
            "{text}"
        );
    }
    let many = format!(r#"{{"records": [{}0]}}"#, "0,".repeat(MOST_RECORDS));
    assert_eq!(parse(many.as_bytes()), Err(InvalidBody::TooMany));
    let whole = format!(r#"{{"records": [{}0]}}"#, "0,".repeat(MOST_RECORDS - 1));
    assert_eq!(parse(whole.as_bytes()).unwrap().len(), MOST_RECORDS);
}
