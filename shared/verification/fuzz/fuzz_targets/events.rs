//! Arbitrary bytes as the body of a push, and as the message in it.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use lifecycle::Resource;
use marketplace::{EntitlementId, ProcurementAccountId, log_text};
use procurement_events::fuzzing::{ReadEvent, event, push};

/// The longest id that is kept, in bytes.
const LONGEST_ID: usize = 1_024;

/// How much of a type is kept, in characters.
const KEPT_TYPE: usize = 100;

fuzz_target!(|bytes: &[u8]| {
    let read = push(bytes);
    check_id(read.id.as_deref());
    if let Some(message) = read.data.as_deref().and_then(event) {
        check_event(&message);
    }
    // Inside an envelope it is the same message.
    let message = event(bytes);
    if !bytes.is_empty() {
        let wrapped = push(&envelope(bytes));
        assert_eq!(wrapped.id.as_deref(), Some("7"));
        assert_eq!(wrapped.data.as_deref(), Some(bytes));
    }
    if let Some(message) = &message {
        check_event(message);
    }
});

fn envelope(data: &[u8]) -> Vec<u8> {
    let data = STANDARD.encode(data);
    format!(r#"{{"message":{{"data":"{data}","messageId":"7"}},"subscription":"s"}}"#).into_bytes()
}

fn check_id(id: Option<&str>) {
    assert!(id.is_none_or(|id| (1..=LONGEST_ID).contains(&id.len())));
}

/// An accepted event is about one resource, whose id is safe in the path of an address and of a document.
fn check_event(event: &ReadEvent) {
    check_id(event.event_id.as_deref());
    assert!(event.type_name.chars().count() <= KEPT_TYPE);
    assert!(
        !event.is_known
            || event
                .type_name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b'_')
    );
    let id = event.resource.id();
    let signs: &[u8] = match &event.resource {
        Resource::Account(_) => b"._-",
        Resource::Entitlement(_) => b"._-~:@+",
    };
    let is_of_ids = |byte: u8| byte.is_ascii_alphanumeric() || signs.contains(&byte);
    assert!(
        (1..=128).contains(&id.len()) && id.bytes().all(is_of_ids),
        "{id:?}"
    );
    assert!(!matches!(id, "." | ".."));
    match &event.resource {
        Resource::Account(account) => {
            let again = ProcurementAccountId::from_percent_encoded(&account.percent_encoded());
            assert_eq!(again.as_ref(), Ok(account));
        }
        Resource::Entitlement(order) => {
            let again = EntitlementId::from_percent_encoded(&order.percent_encoded());
            assert_eq!(again.as_ref(), Ok(order));
        }
    }
    let written = event.resource.to_string();
    assert_eq!(Resource::parse(&written).as_ref(), Some(&event.resource));
    let logged = log_text(&event.type_name, KEPT_TYPE);
    assert!(!logged.contains(char::is_control));
}
