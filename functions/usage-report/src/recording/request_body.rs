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
mod tests;
