//! Google's JSON error body.

use std::fmt;

use serde_json::Value;

/// Longest message kept, in characters: enough for a log line, too little to carry a document.
const MESSAGE_LIMIT: usize = 300;

/// Longest reason, in bytes, as <https://google.aip.dev/193> bounds it.
const REASON_LIMIT: usize = 63;

/// Longest body that is understood, in bytes. Google's have a few hundred; as a tree it takes many times its length.
const BODY_LIMIT: usize = 64 * 1024;

/// The detail that carries the reason.
const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// An error as Google's JSON APIs answer it: `{"error": {"code", "status", "message", "details"}}`.
///
/// The format is that of <https://google.aip.dev/193>. It is for the log and for decisions, never
/// for a customer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct GoogleError {
    /// The HTTP status of the answer.
    pub code: u16,
    /// The canonical code, such as `FAILED_PRECONDITION`; empty if the body was not Google's.
    pub status: String,
    /// Why, such as `SERVICE_DISABLED` or `IAM_PERMISSION_DENIED`: what distinguishes one 403 from another.
    /// Upper-case letters, digits and underscores; empty if Google did not say.
    pub reason: String,
    /// What Google says about it, one line of at most 300 characters; may be empty.
    pub message: String,
}

impl GoogleError {
    /// Reads an error answer. A body that is not Google's, or far too long for an error, leaves all but
    /// the code empty: such an answer comes from something between us and the API.
    pub fn parse(code: u16, body: &[u8]) -> Self {
        let body = Some(body).filter(|body| body.len() <= BODY_LIMIT);
        let body: Value = body
            .and_then(|body| serde_json::from_slice(body).ok())
            .unwrap_or_default();
        let text = |field: &str| {
            let text = body.get("error").and_then(|error| error.get(field));
            one_line(text.and_then(Value::as_str).unwrap_or_default())
        };
        Self {
            code,
            status: text("status"),
            reason: reason(&body).unwrap_or_default().to_owned(),
            message: text("message"),
        }
    }

    /// Whether the answer came in Google's format, so that its meaning can be relied on.
    pub fn is_googles(&self) -> bool {
        !self.status.is_empty()
    }
}

impl fmt::Display for GoogleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.status.is_empty() {
            write!(f, " {}", self.status)?;
        }
        if !self.reason.is_empty() {
            write!(f, " ({})", self.reason)?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

/// The reason, if there is one of the form that Google documents.
fn reason(body: &Value) -> Option<&str> {
    let details = body.get("error")?.get("details")?.as_array()?;
    let mut reasons = details.iter().filter_map(|detail| {
        let is_info = detail.get("@type")?.as_str()? == ERROR_INFO;
        let reason = detail.get("reason")?.as_str()?;
        (is_info && is_reason(reason)).then_some(reason)
    });
    reasons.next()
}

fn is_reason(text: &str) -> bool {
    (1..=REASON_LIMIT).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MESSAGE_LIMIT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_body_is_read_whole() {
        let body = br#"{"error":{"code":400,"message":"Precondition check failed.","status":"FAILED_PRECONDITION","details":[]}}"#;
        let error = GoogleError::parse(400, body);
        assert_eq!(
            error,
            GoogleError {
                code: 400,
                status: "FAILED_PRECONDITION".to_owned(),
                reason: String::new(),
                message: "Precondition check failed.".to_owned(),
            }
        );
        assert_eq!(
            error.to_string(),
            "400 FAILED_PRECONDITION: Precondition check failed."
        );
    }

    #[test]
    fn the_reason_distinguishes_one_refusal_from_another() {
        let body = br#"{"error":{"code":403,"message":"Not used before.","status":"PERMISSION_DENIED","details":[
            {"@type":"type.googleapis.com/google.rpc.Help","reason":"HELP"},
            {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED",
             "domain":"googleapis.com","metadata":{"consumer":"projects/1"}},
            {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ANOTHER"}]}}"#;
        let error = GoogleError::parse(403, body);
        assert_eq!(error.reason, "SERVICE_DISABLED");
        assert_eq!(
            error.to_string(),
            "403 PERMISSION_DENIED (SERVICE_DISABLED): Not used before."
        );
    }

    #[test]
    fn what_has_not_the_form_of_a_reason_is_not_kept() {
        let long = "A".repeat(64);
        for reason in ["", "service disabled", "a@example.com", "A\nB", &long] {
            let body = serde_json::json!({"error": {
                "status": "PERMISSION_DENIED",
                "details": [{"@type": ERROR_INFO, "reason": reason}],
            }});
            let error = GoogleError::parse(403, body.to_string().as_bytes());
            assert_eq!(error.to_string(), "403 PERMISSION_DENIED", "{reason}");
        }
        for details in ["{}", "[[]]", "[null]", r#"[{"@type": 1, "reason": {}}]"#] {
            let body = format!(r#"{{"error":{{"status":"X","details":{details}}}}}"#);
            assert_eq!(GoogleError::parse(403, body.as_bytes()).reason, "");
        }
    }

    #[test]
    fn other_bodies_leave_only_the_code() {
        let bodies: [&[u8]; 7] = [
            b"",
            b"<html>502</html>",
            b"[]",
            b"\xff",
            br#"{"error":"invalid_grant"}"#,
            br#"{"error":{"status":7,"message":{}}}"#,
            br#"{"error":null}"#,
        ];
        let long = format!(
            r#"{{"error":{{"status":"INTERNAL","details":[{}0]}}}}"#,
            "0,".repeat(BODY_LIMIT)
        );
        for body in bodies.into_iter().chain([long.as_bytes()]) {
            let error = GoogleError::parse(502, body);
            assert_eq!(error.to_string(), "502", "{}", body.escape_ascii());
            assert!(!error.is_googles());
        }
    }

    #[test]
    fn a_message_is_one_bounded_line() {
        let body = format!(
            r#"{{"error":{{"status":"X","message":"a\nb{}"}}}}"#,
            "ä".repeat(9_999)
        );
        let error = GoogleError::parse(400, body.as_bytes());
        assert!(error.message.starts_with("a bä"));
        assert_eq!(error.message.chars().count(), 300);
    }
}
