//! The body of `POST /usage`.

use std::fmt;

use jiff::Timestamp;
use marketplace::EntitlementId;
use metering::Labels;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Number;
use serde_json::value::RawValue;

use super::unique_labels::unique_labels;

/// How many records one request may have.
pub(crate) const MOST_RECORDS: usize = 10_000;

/// The longest idempotency key, in bytes.
const LONGEST_KEY: usize = 128;

/// How many labels a record may have, and how long they may be, in bytes.
const MOST_LABELS: usize = 16;
const LONGEST_LABEL: usize = 255;

/// One well-formed record as it was sent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentRecord {
    pub(crate) entitlement: EntitlementId,
    pub(crate) metric: String,
    pub(crate) quantity: Number,
    #[serde(deserialize_with = "to_the_microsecond")]
    pub(crate) occurred_at: Timestamp,
    pub(crate) idempotency_key: String,
    #[serde(default, deserialize_with = "unique_labels")]
    pub(crate) labels: Labels,
}

/// One element of the list that was sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SentItem {
    Record(SentRecord),
    /// It is not a record; its key, if it has one.
    Malformed(Option<String>),
}

/// The body is not a list of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBody {
    /// It is not the documented JSON.
    #[error("the body is not the documented JSON (line {line}, column {column})")]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// It has more records than a request may have.
    #[error("the body has too many records")]
    TooMany,
}

/// What is used of an element that is not a record.
#[derive(Deserialize)]
struct Keyed<'a> {
    #[serde(borrow)]
    idempotency_key: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow)]
    records: Elements<'a>,
}

/// The elements of the list: as many as a request may have, and whether there are more, of which nothing is kept.
struct Elements<'a> {
    kept: Vec<&'a RawValue>,
    are_too_many: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(list: D) -> Result<Self, D::Error> {
        list.deserialize_seq(ElementsVisitor)
    }
}

struct ElementsVisitor;

impl<'de> Visitor<'de> for ElementsVisitor {
    type Value = Elements<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < MOST_RECORDS {
            match list.next_element()? {
                Some(element) => kept.push(element),
                None => break,
            }
        }
        let mut are_too_many = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            are_too_many = true;
        }
        Ok(Elements { kept, are_too_many })
    }
}

/// Reads the elements of a body, each by itself: a malformed one does not affect the others.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<SentItem>, InvalidBody> {
    // serde would also accept a list of the members' values.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(InvalidBody::Malformed { line: 1, column: 1 });
    }
    let body: Body<'_> = serde_json::from_slice(bytes).map_err(|error| InvalidBody::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    if body.records.are_too_many {
        return Err(InvalidBody::TooMany);
    }
    Ok(body.records.kept.into_iter().map(item).collect())
}

fn item(raw: &RawValue) -> SentItem {
    let is_object = raw.get().starts_with('{');
    if !is_object {
        return SentItem::Malformed(None);
    }
    match serde_json::from_str::<SentRecord>(raw.get()) {
        Ok(sent) if sent.is_well_formed() => SentItem::Record(sent),
        _ => SentItem::Malformed(key_of(raw)),
    }
}

/// The key alone: nothing else of what may be of any size and shape is kept.
fn key_of(raw: &RawValue) -> Option<String> {
    let keyed: Keyed<'_> = serde_json::from_str(raw.get()).ok()?;
    let key: String = serde_json::from_str(keyed.idempotency_key.get()).ok()?;
    is_key(&key).then_some(key)
}

fn is_key(text: &str) -> bool {
    let visible = |b: u8| b.is_ascii_graphic();
    (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(visible)
}

impl SentRecord {
    fn is_well_formed(&self) -> bool {
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"._/-".contains(&b);
        let is_short = |text: &str| (1..=LONGEST_LABEL).contains(&text.len());
        is_key(&self.idempotency_key)
            && self.labels.len() <= MOST_LABELS
            && self.labels.iter().all(|(name, value)| {
                is_short(name)
                    && name.bytes().all(is_name)
                    && is_short(value)
                    && !value.chars().any(char::is_control)
            })
    }
}

/// Rounded as in the store: otherwise a repeated record would look different from the stored one.
fn to_the_microsecond<'de, D: Deserializer<'de>>(text: D) -> Result<Timestamp, D::Error> {
    let time = Timestamp::deserialize(text)?;
    Timestamp::from_microsecond(time.as_microsecond()).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
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
}
