//! Pushes of the Pub/Sub emulator, which are not signed, are signed here on their way to the function.
//!
//! | path | what comes there | what is answered |
//! |---|---|---|
//! | `/pubsub-bridge/push` | a push of the emulator's | the function's own status |
//! | `/pubsub-bridge/dead-letters` | a message that the emulator gave up | 204 |

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use function_runtime::{Request, Response};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::delivery::Delivery;
use crate::messages::{Attempt, AttemptVerdict};

/// The first segment of its paths.
pub(crate) const SEGMENT: &str = "pubsub-bridge";

pub(crate) async fn answer(events: &Delivery, path: &[String], request: &Request) -> Response {
    let status = match (&request.method, path) {
        (&Method::POST, [path]) if path == "push" => sign_and_forward(events, request).await,
        (&Method::POST, [path]) if path == "dead-letters" => record_dead_letter(events, request),
        _ => StatusCode::NOT_FOUND,
    };
    function_runtime::status(status)
}

/// The function's answer, so that the emulator acknowledges, repeats and gives up as it should.
async fn sign_and_forward(events: &Delivery, request: &Request) -> StatusCode {
    let Some(push_client) = events.push_client() else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    let answer = push_client.post(request.body.clone()).await;
    let attempt = Attempt::ended(events.log().now(), answer);
    let id = message(request).map(|message| text(&message, "messageId"));
    events
        .log()
        .record(&id.unwrap_or_default(), attempt, AttemptVerdict::Done);
    let status = attempt.status.map(StatusCode::from_u16);
    status
        .and_then(Result::ok)
        .unwrap_or(StatusCode::BAD_GATEWAY)
}

/// The emulator gives a message that it gave up a new id: its content identifies it.
fn record_dead_letter(events: &Delivery, request: &Request) -> StatusCode {
    let data = message(request).and_then(|message| STANDARD.decode(text(&message, "data")).ok());
    let dead = events.log().all().into_iter();
    let dead = dead
        .rev()
        .find(|message| Some(&message.data) == data.as_ref());
    if let Some(dead) = dead {
        let attempt = Attempt {
            time: events.log().now(),
            status: None,
            obstacle: None,
        };
        let log = events.log();
        log.record(&dead.message_id, attempt, AttemptVerdict::DeadLetter);
    }
    StatusCode::NO_CONTENT
}

fn message(request: &Request) -> Option<Value> {
    let envelope: Value = serde_json::from_slice(&request.body).ok()?;
    envelope.get("message").cloned()
}

fn text(message: &Value, field: &str) -> String {
    let text = message.get(field).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
