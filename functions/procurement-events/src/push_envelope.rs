//! The envelope in which Pub/Sub pushes a message.
//!
//! Source: "Push subscriptions", format of the request. A subscription without a wrapper is not supported: its body
//! is no envelope.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
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
    /// The message itself, or why there is none.
    pub(crate) data: Result<Vec<u8>, Malformed>,
}

/// Why a push cannot be used. The next delivery would be the same, so it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    /// The body is no JSON object with a `message`.
    #[error("not an envelope")]
    Envelope,
    /// There is no `data`: a message may have attributes only.
    #[error("no data")]
    NoData,
    /// `data` is not base64.
    #[error("not base64")]
    Base64,
    /// The message is no JSON object.
    #[error("not JSON")]
    Json,
    /// It names neither an account nor an entitlement, or not the one its type is about.
    #[error("no resource")]
    NoResource,
    /// The resource's id has characters that no id has.
    #[error("not an id")]
    Id,
}

impl Push {
    /// Reads the envelope, both spellings of its fields.
    pub(crate) fn read(body: &[u8]) -> Self {
        let envelope: Value = serde_json::from_slice(body).unwrap_or_default();
        let message = envelope.get("message");
        let field = |name: &str| message.and_then(|message| message.get(name));
        let id = field("messageId").or_else(|| field("message_id"));
        let attempt = envelope.get("deliveryAttempt");
        let attempt = attempt.or_else(|| envelope.get("delivery_attempt"));
        Self {
            id: id.and_then(Value::as_str).map(ToOwned::to_owned),
            delivery_attempt: attempt.and_then(Value::as_u64),
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
        for spelling in ["messageId", "message_id"] {
            let body = format!(r#"{{"message":{{"{spelling}":"7","data":"e30"}}}}"#);
            let push = Push::read(body.as_bytes());
            assert_eq!(push.id.as_deref(), Some("7"));
            assert_eq!(push.data, Ok(b"{}".to_vec()));
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
