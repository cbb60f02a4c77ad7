//! The envelope in which Pub/Sub pushes a message.
//!
//! Source: "Push subscriptions", format of the request. A subscription without a wrapper is not supported: its body
//! is no envelope.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use serde_json::Value;

/// The standard alphabet. Padding is documented, but accepted with or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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

impl Push {
    /// Reads the envelope, both spellings of its fields.
    pub(crate) fn read(body: &[u8]) -> Self {
        let envelope: Value = serde_json::from_slice(body).unwrap_or_default();
        let message = envelope.get("message");
        let field = |name: &str| message.and_then(|message| message.get(name));
        let id = field("messageId").or_else(|| field("message_id"));
        let published = field("publishTime").or_else(|| field("publish_time"));
        let published = published.and_then(Value::as_str);
        let attempt = envelope.get("deliveryAttempt");
        let attempt = attempt.or_else(|| envelope.get("delivery_attempt"));
        Self {
            id: id.and_then(Value::as_str).map(ToOwned::to_owned),
            delivery_attempt: attempt.and_then(Value::as_u64),
            published: published.and_then(|time| time.parse().ok()),
            data: match message {
                Some(Value::Object(message)) => decoded(message.get("data")),
                _ => Err(Malformed::Envelope),
            },
        }
    }
}

fn decoded(data: Option<&Value>) -> Result<Vec<u8>, Malformed> {
    match data {
        None | Some(Value::Null) => Err(Malformed::NoData),
        Some(Value::String(text)) if text.is_empty() => Err(Malformed::NoData),
        Some(Value::String(text)) => BASE64.decode(text).map_err(|_| Malformed::Base64),
        Some(_) => Err(Malformed::Base64),
    }
}

#[cfg(test)]
mod tests {
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
