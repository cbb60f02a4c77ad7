//! What was published to the vendor's application, and what became of each delivery.

use askama::Template;
use function_runtime::{Request, Response};
use jiff::Timestamp;
use marketplace_simulator::{Attempt, Message, MessageOutcome, Push, Simulator};
use serde_json::Value;

use super::clock_line::ClockLine;
use super::page;

/// How many events the page has, the newest ones.
const SHOWN: usize = 50;
/// How many attempts it lists of each, the last ones.
const ATTEMPTS: usize = 5;

#[derive(Template)]
#[template(path = "marketplace/published.html")]
struct PublishedPage {
    clock: ClockLine,
    undelivered: Option<String>,
    events: Vec<PublishedEvent>,
    /// How many older ones there are.
    older: usize,
}

struct PublishedEvent {
    number: u64,
    kind: String,
    time: String,
    outcome: DeliveryOutcome,
    attempts: Vec<AttemptRow>,
    /// How many attempts there were before these.
    earlier_attempts: usize,
    /// Name and value of what the event says.
    facts: Vec<(String, String)>,
    /// The request as it is posted; none if events are published elsewhere.
    request: Option<String>,
    /// One to a line, as headers are written.
    attributes: String,
    data: String,
}

struct DeliveryOutcome {
    text: String,
    tone: &'static str,
}

struct AttemptRow {
    time: String,
    text: String,
}

/// The events of all customers, the newest first.
pub(super) fn page(simulator: &Simulator, request: &Request) -> Response {
    let messages = simulator.published().all();
    let push = simulator.delivery_of_published().push();
    let newest = messages.iter().rev().take(SHOWN);
    let page = PublishedPage {
        clock: ClockLine::of(simulator),
        undelivered: undelivered(simulator),
        events: newest.map(|it| event(it, push.as_ref())).collect(),
        older: messages.len().saturating_sub(SHOWN),
    };
    page::unless_known(request, &page)
}

/// That events are not taken, and why; none if nothing waits that failed.
pub(super) fn undelivered(simulator: &Simulator) -> Option<String> {
    let messages = simulator.published().all();
    let waiting = messages
        .iter()
        .filter(|message| message.outcome == MessageOutcome::Waiting);
    let why = waiting.clone().rev().find_map(Message::why_not)?;
    let waiting = match waiting.count() {
        1 => "One event waits, and is sent again until it is taken.".to_owned(),
        count => format!("{count} events wait, and are sent again until they are taken."),
    };
    let receiver = match simulator.delivery_of_published().push() {
        Some(_) => "The application does not take its events",
        None => "The Pub/Sub emulator does not take the application’s events",
    };
    Some(format!("{receiver}: {why}. {waiting}"))
}

/// What a message is about: the type of the `CloudEvent` in it.
pub(super) fn kind(message: &Message) -> String {
    let kind = message.attributes.get("ce-type").cloned();
    kind.or_else(|| message.json().get("type")?.as_str().map(str::to_owned))
        .unwrap_or_else(|| "a message without a type".to_owned())
}

/// The request of the last attempt, or of the first one if there was none. Its token is left out: whoever has it
/// could push.
fn request(push: &Push, message: &Message) -> String {
    let attempt = u32::try_from(message.attempts.len()).unwrap_or(u32::MAX);
    let body = push.body_of(message, attempt.max(1));
    let Push {
        url,
        service_account,
        audience,
        ..
    } = push;
    format!(
        "POST {url}\n\
         authorization: Bearer … (of Google, with email {service_account} and aud {audience})\n\
         content-type: application/json\n\
         user-agent: CloudPubSub-Google\n\n{body:#}"
    )
}

fn event(message: &Message, push: Option<&Push>) -> PublishedEvent {
    let body = message.json();
    let attributes = message.attributes.iter();
    let attributes: Vec<String> = attributes
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let earlier_attempts = message.attempts.len().saturating_sub(ATTEMPTS);
    let attempts = message.attempts.iter().skip(earlier_attempts);
    PublishedEvent {
        number: message.number,
        kind: kind(message),
        time: moment(message.publish_time),
        outcome: outcome(message),
        attempts: attempts.map(attempt_row).collect(),
        earlier_attempts,
        facts: body.get("data").map(facts).unwrap_or_default(),
        request: push.map(|push| request(push, message)),
        attributes: attributes.join("\n"),
        data: if body.is_null() {
            String::from_utf8_lossy(&message.data).into_owned()
        } else {
            format!("{body:#}")
        },
    }
}

fn outcome(message: &Message) -> DeliveryOutcome {
    let (text, tone) = match (message.outcome, message.why_not()) {
        (MessageOutcome::Acknowledged, _) => ("taken".to_owned(), "good"),
        (MessageOutcome::Waiting, None) => ("not sent yet".to_owned(), "wait"),
        (MessageOutcome::Waiting, Some(why)) => (format!("waits: {why}"), "bad"),
        (MessageOutcome::HeldBack, _) => ("held up".to_owned(), "wait"),
        (MessageOutcome::DeadLettered, None) => ("given up".to_owned(), "bad"),
        (MessageOutcome::DeadLettered, Some(why)) => (format!("given up: {why}"), "bad"),
        (MessageOutcome::Dropped, _) => ("lost on purpose".to_owned(), "bad"),
    };
    DeliveryOutcome { text, tone }
}

fn attempt_row(attempt: &Attempt) -> AttemptRow {
    let taken = || match attempt.status {
        Some(status) => format!("taken, answered {status}"),
        None => "taken".to_owned(),
    };
    AttemptRow {
        time: moment(attempt.time),
        text: attempt.why_not().unwrap_or_else(taken),
    }
}

/// What can be said in a line: lists are left to the raw JSON.
fn facts(data: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let members = data.as_object().into_iter().flatten();
    members
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect()
}

fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
