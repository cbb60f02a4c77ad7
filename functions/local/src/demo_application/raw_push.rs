//! A push as it came, for a developer to read beside what the application makes of it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use function_runtime::Request;
use http::{HeaderName, HeaderValue};
use serde_json::Value;

/// What was received, without the signature that would make its token usable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawPush {
    /// One to a line.
    pub(super) headers: String,
    /// Of the identity token.
    pub(super) claims: String,
    pub(super) body: String,
    /// The data in the body, decoded.
    pub(super) data: String,
}

impl RawPush {
    pub(super) fn of(request: &Request) -> Self {
        let headers: Vec<String> = request.headers.iter().map(line).collect();
        let token = request.header("authorization").unwrap_or_default();
        let claims = token.split('.').nth(1).unwrap_or_default();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let data = body.pointer("/message/data").and_then(Value::as_str);
        let data = STANDARD.decode(data.unwrap_or_default());
        Self {
            headers: headers.join("\n"),
            claims: readable(&URL_SAFE_NO_PAD.decode(claims).unwrap_or_default()),
            body: format!("{body:#}"),
            data: readable(&data.unwrap_or_default()),
        }
    }
}

fn line((name, value): (&HeaderName, &HeaderValue)) -> String {
    if name.as_str() == "authorization" {
        return format!("{name}: Bearer … (an identity token, see its claims)");
    }
    format!("{name}: {}", value.to_str().unwrap_or("…"))
}

/// JSON as a person reads it, if it is JSON at all.
fn readable(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => format!("{value:#}"),
        Err(_) => "not JSON".to_owned(),
    }
}
