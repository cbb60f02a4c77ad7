//! The envelope in which Pub/Sub pushes a message.
//!
//! Source: "Push subscriptions", format of the request. A subscription without a wrapper is not supported: its body
//! is no envelope.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::members;

/// The standard alphabet. Padding is documented, but accepted with or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The longest id that is taken for one, in bytes. Pub/Sub's have sixteen digits.
const LONGEST_ID: usize = 1_024;

/// A message as it was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Push {
    /// Pub/Sub's id of the message, the same for each delivery.
    pub(crate) id: Option<String>,
    /// The number of this delivery, if there is a dead-letter policy.
    pub(crate) delivery_attempt: Option<u64>,
    /// When Pub/Sub took the message: `publishTime`.
    pub(crate) published: Option<Timestamp>,
    /// The message itself, or why there is none.
    pub(crate) data: Result<Vec<u8>, Malformed>,
}

/// Why a push cannot be used. The next delivery would be the same, so it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// The body is no JSON object with a `message`.
    Envelope,
    /// There is no `data`: a message may have attributes only.
    NoData,
    /// `data` is not base64.
    Base64,
    /// The message is no JSON object.
    Json,
    /// It names neither an account nor an entitlement.
    NoResource,
    /// The resource's id has characters that no id has.
    Id,
    /// Its type is not documented, and it has no id of an account or entitlement.
    UnknownType,
}

impl Malformed {
    /// The name under which it is logged and stored.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Envelope => "not-an-envelope",
            Self::NoData => "no-data",
            Self::Base64 => "not-base64",
            Self::Json => "not-json",
            Self::NoResource => "no-resource",
            Self::Id => "not-an-id",
            Self::UnknownType => "unknown-type",
        }
    }
}

/// What is used of the body.
#[derive(Default, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow, rename = "deliveryAttempt")]
    attempt: Option<&'a RawValue>,
    #[serde(borrow, rename = "delivery_attempt")]
    attempt_in_snake_case: Option<&'a RawValue>,
}

/// What is used of its message.
#[derive(Default, Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow, rename = "messageId")]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "message_id")]
    id_in_snake_case: Option<&'a RawValue>,
    #[serde(borrow, rename = "publishTime")]
    published: Option<&'a RawValue>,
    #[serde(borrow, rename = "publish_time")]
    published_in_snake_case: Option<&'a RawValue>,
}

impl Push {
    /// Reads the envelope, both spellings of its fields.
    pub(crate) fn read(body: &[u8]) -> Self {
        let envelope: Envelope<'_> = members::of_text(body).unwrap_or_default();
        let message: Option<Message<'_>> = members::of(envelope.message);
        let data = match &message {
            Some(message) => data(message.data),
            None => Err(Malformed::Envelope),
        };
        let message = message.unwrap_or_default();
        let attempt = envelope.attempt.or(envelope.attempt_in_snake_case);
        let published = message.published.or(message.published_in_snake_case);
        Self {
            id: id(message.id.or(message.id_in_snake_case)),
            delivery_attempt: attempt.and_then(|number| number.get().parse().ok()),
            published: members::text(published, |time| time.parse().ok()).flatten(),
            data,
        }
    }
}

/// An id; what is empty, or far longer than any id, is none.
pub(crate) fn id(member: Option<&RawValue>) -> Option<String> {
    let is_id = |text: &str| (1..=LONGEST_ID).contains(&text.len());
    members::text(member, |text| is_id(text).then(|| text.to_owned())).flatten()
}

fn data(member: Option<&RawValue>) -> Result<Vec<u8>, Malformed> {
    let member = member.ok_or(Malformed::NoData)?;
    members::text(Some(member), decoded).unwrap_or(Err(Malformed::Base64))
}

fn decoded(text: &str) -> Result<Vec<u8>, Malformed> {
    match text {
        "" => Err(Malformed::NoData),
        text => BASE64.decode(text).map_err(|_| Malformed::Base64),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn google_s_envelopes_are_read() {
        let plain = Push::read(include_bytes!("../tests/samples/push/envelope.json"));
        assert_eq!(plain.id.as_deref(), Some("1380641252171122"));
        assert_eq!(plain.delivery_attempt, None);
        let published = plain.published.map(|time| time.to_string());
        assert_eq!(published.as_deref(), Some("2026-01-21T00:21:41.004Z"));
        let data: Value = serde_json::from_slice(&plain.data.unwrap()).unwrap();
        assert_eq!(data["eventType"], "ENTITLEMENT_ACTIVE");
        let policy = include_bytes!("../tests/samples/push/envelope.dead-letter-policy.json");
        assert_eq!(Push::read(policy).delivery_attempt, Some(3));
        let no_data = include_bytes!("../tests/samples/push/envelope.no-data.json");
        let no_data = Push::read(no_data);
        assert_eq!(no_data.id.as_deref(), Some("1380641252171122"));
        assert_eq!(no_data.data, Err(Malformed::NoData));
    }

    #[test]
    fn either_spelling_alone_suffices() {
        for (id, published) in [("messageId", "publishTime"), ("message_id", "publish_time")] {
            let body = format!(
                r#"{{"message":{{"{id}":"7","{published}":"1970-01-01T00:00:00Z","data":"e30"}}}}"#
            );
            let push = Push::read(body.as_bytes());
            assert_eq!(push.id.as_deref(), Some("7"));
            assert_eq!(push.published, Some(Timestamp::UNIX_EPOCH));
            assert_eq!(push.data, Ok(b"{}".to_vec()));
        }
    }

    #[test]
    fn base64_with_escapes_is_decoded() {
        let push = Push::read(br#"{"message":{"data":"\/\/8\u003d"}}"#);
        assert_eq!(push.data, Ok(vec![0xff, 0xff]));
    }

    #[test]
    fn an_id_that_is_none_is_no_id() {
        let long = format!("\"{}\"", "7".repeat(1_025));
        for id in ["null", "7", "\"\"", long.as_str()] {
            let body = format!(r#"{{"message":{{"messageId":{id},"data":"e30"}}}}"#);
            let push = Push::read(body.as_bytes());
            assert_eq!((push.id, push.data), (None, Ok(b"{}".to_vec())), "{id}");
        }
    }

    #[test]
    fn a_time_that_is_none_is_no_time() {
        for published in ["null", "7", "\"\"", "\"yesterday\""] {
            let body = format!(r#"{{"message":{{"publishTime":{published},"data":"e30"}}}}"#);
            let push = Push::read(body.as_bytes());
            assert_eq!((push.published, push.data), (None, Ok(b"{}".to_vec())));
        }
    }

    #[test]
    fn the_reason_why_a_push_is_no_envelope_is_named() {
        for (body, reason) in [
            ("", Malformed::Envelope),
            ("\u{0}", Malformed::Envelope),
            ("[]", Malformed::Envelope),
            ("{}", Malformed::Envelope),
            (r#"{"message":7}"#, Malformed::Envelope),
            (r#"{"message":[{}]}"#, Malformed::Envelope),
            (r#"{"message":["e30"]}"#, Malformed::Envelope),
            (r#"[{"data":"e30"}]"#, Malformed::Envelope),
            // Which one would count?
            (
                r#"{"message":{"data":"e30","data":"e30"}}"#,
                Malformed::Envelope,
            ),
            // Without a wrapper.
            (r#"{"eventType":"ENTITLEMENT_ACTIVE"}"#, Malformed::Envelope),
            (r#"{"message":{}}"#, Malformed::NoData),
            (r#"{"message":{"data":null}}"#, Malformed::NoData),
            (r#"{"message":{"data":""}}"#, Malformed::NoData),
            (r#"{"message":{"data":7}}"#, Malformed::Base64),
            (r#"{"message":{"data":"*"}}"#, Malformed::Base64),
            // The URL-safe alphabet.
            (r#"{"message":{"data":"_-8="}}"#, Malformed::Base64),
        ] {
            assert_eq!(Push::read(body.as_bytes()).data, Err(reason), "{body}");
        }
    }
}
