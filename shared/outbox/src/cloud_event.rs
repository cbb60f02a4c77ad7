//! An outbox entry as a `CloudEvent` in a Pub/Sub message.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use store::OutboxEntry;

/// A `CloudEvent` 1.0 in structured mode as a Pub/Sub message. The attributes repeat what
/// subscriptions may filter by.
pub(crate) fn message(entry: &OutboxEntry, source: &str) -> Value {
    let subject = format!("accounts/{}", entry.account);
    let event = json!({
        "specversion": "1.0",
        "id": entry.id,
        "source": source,
        "type": entry.kind,
        "subject": subject,
        "time": entry.occurred,
        "datacontenttype": "application/json",
        "data": entry.data,
    });
    let attributes = json!({
        "content-type": "application/cloudevents+json; charset=utf-8",
        "ce-specversion": "1.0",
        "ce-id": entry.id,
        "ce-source": source,
        "ce-type": entry.kind,
        "ce-subject": subject,
        "ce-time": entry.occurred,
    });
    let sequence = entry.sequence.as_deref();
    let event = with_sequence(event, "sequence", sequence);
    let attributes = with_sequence(attributes, "ce-sequence", sequence);
    json!({
        "data": BASE64_STANDARD.encode(event.to_string()),
        "attributes": attributes,
    })
}

/// Entries of earlier versions have no place.
fn with_sequence(mut object: Value, name: &str, sequence: Option<&str>) -> Value {
    if let (Value::Object(members), Some(sequence)) = (&mut object, sequence) {
        members.insert(name.to_owned(), sequence.into());
    }
    object
}

#[cfg(test)]
mod tests {
    use marketplace::ProcurementAccountId;

    use super::*;
    use crate::tests::at;

    #[test]
    fn a_message_is_a_cloud_event() {
        let account = ProcurementAccountId::parse("A-1").unwrap();
        let entry = OutboxEntry {
            id: "N-1".to_owned(),
            kind: "portico.account.signed-up".to_owned(),
            account,
            data: json!({ "account": "A-1", "unverified_company": "Müller & Söhne" }),
            occurred: at(0),
            sequence: Some("00000000000000000007".to_owned()),
        };
        let message = message(&entry, "//source");
        let data = message["data"].as_str().unwrap();
        let event: Value = serde_json::from_slice(&BASE64_STANDARD.decode(data).unwrap()).unwrap();
        assert_eq!(
            event,
            json!({
                "specversion": "1.0",
                "id": entry.id,
                "source": "//source",
                "type": "portico.account.signed-up",
                "subject": "accounts/A-1",
                "time": "2026-11-18T11:06:40Z",
                "sequence": "00000000000000000007",
                "datacontenttype": "application/json",
                "data": { "account": "A-1", "unverified_company": "Müller & Söhne" },
            })
        );
        assert_eq!(
            message["attributes"],
            json!({
                "content-type": "application/cloudevents+json; charset=utf-8",
                "ce-specversion": "1.0",
                "ce-id": entry.id,
                "ce-source": "//source",
                "ce-type": "portico.account.signed-up",
                "ce-subject": "accounts/A-1",
                "ce-time": "2026-11-18T11:06:40Z",
                "ce-sequence": "00000000000000000007",
            })
        );
    }
}
