//! Codes of check errors.

use serde_json::{Value, json};

/// The numbers of `CheckError.Code`, for callers that ask for enums as numbers. The discovery document
/// has the names alone; the numbers are those of the official client, which lacks some that Google uses inside.
const NUMBERS: &[(&str, u16)] = &[
    ("NOT_FOUND", 5),
    ("PERMISSION_DENIED", 7),
    ("RESOURCE_EXHAUSTED", 8),
    ("SERVICE_NOT_ACTIVATED", 104),
    ("API_KEY_INVALID", 105),
    ("BILLING_DISABLED", 107),
    ("PROJECT_DELETED", 108),
    ("IP_ADDRESS_BLOCKED", 109),
    ("REFERER_BLOCKED", 110),
    ("CLIENT_APP_BLOCKED", 111),
    ("API_KEY_EXPIRED", 112),
    ("API_KEY_NOT_FOUND", 113),
    ("PROJECT_INVALID", 114),
    ("API_TARGET_BLOCKED", 122),
    ("INVALID_CREDENTIAL", 123),
    ("CONSUMER_INVALID", 125),
    ("NAMESPACE_LOOKUP_UNAVAILABLE", 300),
    ("SERVICE_STATUS_UNAVAILABLE", 301),
    ("BILLING_STATUS_UNAVAILABLE", 302),
    ("CLOUD_RESOURCE_MANAGER_BACKEND_UNAVAILABLE", 305),
];

pub(super) fn error(code: &str, consumer_id: &str, as_number: bool) -> Value {
    let number = NUMBERS.iter().find(|(name, _)| *name == code);
    let code = match number {
        Some((_, number)) if as_number => json!(number),
        _ => json!(code),
    };
    json!({
        "code": code,
        "detail": format!("Check of consumer '{consumer_id}' failed."),
        "subject": consumer_id,
    })
}
