//! The calls, and the events that were pushed, as the page shows them.

use http::Method;
use jiff::Timestamp;
use marketplace_simulator::{Call, Message, Simulator, hosts};

use super::published_events;
use super::scheduler::{CallRange, JobCall, Scheduler};

/// How many rows the page has: more than one looks at, little enough to send often.
const ROWS: usize = 120;

pub(super) struct LogRow {
    pub(super) id: String,
    at: Timestamp,
    pub(super) time: String,
    /// The same for people.
    pub(super) clock: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) service: &'static str,
    pub(super) status: String,
    pub(super) tone: &'static str,
    pub(super) summary: String,
    pub(super) fault: Option<String>,
}

/// The newest calls and pushes, oldest first.
pub(super) fn rows(simulator: &Simulator, scheduler: Option<&Scheduler>) -> Vec<LogRow> {
    let idle = scheduler.map(Scheduler::idle_ranges).unwrap_or_default();
    let calls = simulator.calls().all().into_iter();
    let calls = calls
        .filter(|call| !is_idle(call, &idle))
        .map(|call| row(&call));
    let events = simulator.events().all();
    let events = events.iter().map(push);
    let published = simulator.published().all();
    let is_pushed = simulator.delivery_of_published().push().is_some();
    let published = published
        .iter()
        .filter_map(|message| failed_delivery(message, is_pushed));
    let jobs = scheduler.map(Scheduler::calls).unwrap_or_default();
    let jobs = jobs.into_iter().map(job);
    let pushes = events.chain(published);
    let mut rows: Vec<LogRow> = calls.chain(pushes).chain(jobs).collect();
    rows.sort_by_key(|row| row.at);
    let mut rows = rows.split_off(rows.len().saturating_sub(ROWS));
    let now = simulator.now();
    for row in &mut rows {
        row.clock = clock(row.at, now);
    }
    rows
}

/// The time; with the day, if that is another one.
fn clock(at: Timestamp, now: Timestamp) -> String {
    let day = |moment: Timestamp| moment.strftime("%Y-%m-%d").to_string();
    if day(at) == day(now) {
        at.strftime("%H:%M:%S%.3f").to_string()
    } else {
        at.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl LogRow {
    /// A row with what every row has.
    fn new(id: String, at: Timestamp, path: &str, status: Option<u16>) -> Self {
        Self {
            id,
            at,
            time: at.to_string(),
            clock: String::new(),
            method: "POST".to_owned(),
            path: path.to_owned(),
            service: "",
            status: status.map_or("…".to_owned(), |status| status.to_string()),
            tone: tone(status),
            summary: String::new(),
            fault: None,
        }
    }
}

fn push(message: &Message) -> LogRow {
    let id = format!("push-{}", message.number);
    LogRow {
        service: "Pub/Sub pushes to Portico",
        ..pushed(id, "/events", &message.event_type(), message)
    }
}

/// What was brought to the vendor's application, or to the Pub/Sub emulator for it, if it failed once at least; all others are
/// on the page of events only.
fn failed_delivery(message: &Message, is_pushed: bool) -> Option<LogRow> {
    let mut attempts = message.attempts.iter();
    let has_failed = attempts.any(|attempt| !attempt.is_acknowledged());
    has_failed.then(|| {
        let id = format!("published-{}", message.number);
        let kind = published_events::kind(message);
        let (service, path) = if is_pushed {
            ("Pub/Sub pushes to the application", "to the application")
        } else {
            ("Events go to the Pub/Sub emulator", "to the emulator")
        };
        LogRow {
            service,
            ..pushed(id, path, &kind, message)
        }
    })
}

/// A push, with how often it was tried, and why the last attempt failed.
fn pushed(id: String, path: &str, kind: &str, message: &Message) -> LogRow {
    let status = message.attempts.last().and_then(|attempt| attempt.status);
    let tries = match message.attempts.len() {
        0 | 1 => String::new(),
        tries => format!(", {tries} times"),
    };
    let row = LogRow::new(id, message.publish_time, path, status);
    match message.why_not() {
        None => LogRow {
            summary: format!("{kind}{tries}"),
            ..row
        },
        Some(why) => LogRow {
            summary: format!("{kind}{tries}: {why}"),
            tone: "bad",
            ..row
        },
    }
}

/// Whether the call only reads, for a job that found nothing to do. Such a job runs each minute, and
/// nobody wants to read of it. All else that was read in its moments goes with it.
fn is_idle(call: &Call, idle: &[CallRange]) -> bool {
    let after = idle.partition_point(|span| span.until < call.number);
    let is_within = idle.get(after).is_some_and(|span| span.after < call.number);
    let is_good = call.status.is_some_and(|status| status < 400) && call.fault.is_none();
    is_within && is_good && call.method == Method::GET && call.host == hosts::PROCUREMENT
}

fn job(call: JobCall) -> LogRow {
    let id = format!("job-{}-{}", call.job.name(), call.number);
    LogRow {
        service: "The scheduler calls Portico",
        summary: call.said,
        ..LogRow::new(id, call.time, call.job.path(), call.status)
    }
}

fn row(call: &Call) -> LogRow {
    let id = format!("call-{}", call.number);
    LogRow {
        method: call.method.to_string(),
        service: service(call),
        summary: said(call),
        fault: call.fault.clone(),
        ..LogRow::new(id, call.time, &call.path, call.status)
    }
}

/// The summary without ids that stand in the path already.
fn said(call: &Call) -> String {
    let is_news = |word: &&str| word.len() < 30 || !call.path.contains(word);
    let words: Vec<&str> = call.summary.split(' ').filter(is_news).collect();
    words.join(" ")
}

fn tone(status: Option<u16>) -> &'static str {
    match status {
        None => "",
        Some(200..400) => "good",
        Some(400..500) => "wait",
        Some(_) => "bad",
    }
}

fn service(call: &Call) -> &'static str {
    match call.host.as_str() {
        hosts::PROCUREMENT => "Procurement API",
        hosts::IAM_CREDENTIALS => "IAM Credentials",
        hosts::METADATA => "Metadata server",
        hosts::IAM => "IAM",
        hosts::SERVICE_CONTROL => "Service Control",
        hosts::PUBSUB => "Pub/Sub",
        hosts::WWW if call.path.ends_with("/userinfo") => "UserInfo",
        hosts::WWW => "Public keys",
        hosts::OPENID_CONNECT => "UserInfo",
        hosts::OAUTH => "OAuth tokens",
        hosts::CONSOLE | hosts::CONSOLE_SHORT => "Cloud console",
        hosts::ACCOUNTS => "Sign in with Google",
        _ => "Google",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: u64, method: Method, host: &str, status: Option<u16>) -> Call {
        Call {
            number,
            time: Timestamp::UNIX_EPOCH,
            method,
            host: host.to_owned(),
            path: String::new(),
            template: String::new(),
            status,
            summary: String::new(),
            fault: None,
        }
    }

    #[test]
    fn a_time_of_another_day_has_its_date() {
        let now: Timestamp = "2026-03-01T00:00:01Z".parse().unwrap();
        let at = |time: &str| clock(time.parse().unwrap(), now);
        assert_eq!(at("2026-03-01T00:00:00.5Z"), "00:00:00.500");
        assert_eq!(at("2026-02-28T23:59:59Z"), "2026-02-28 23:59:59");
    }

    #[test]
    fn only_what_an_idle_job_read_is_left_out() {
        let span = |after, until| CallRange { after, until };
        let idle = [span(2, 4), span(7, 9)];
        let read = |number| call(number, Method::GET, hosts::PROCUREMENT, Some(200));
        for (number, expected) in [
            (2, false),
            (3, true),
            (4, true),
            (5, false),
            (7, false),
            (8, true),
            (9, true),
            (10, false),
        ] {
            assert_eq!(is_idle(&read(number), &idle), expected, "{number}");
        }
        for call in [
            call(3, Method::POST, hosts::PROCUREMENT, Some(200)),
            call(3, Method::GET, hosts::METADATA, Some(200)),
            call(3, Method::GET, hosts::PROCUREMENT, Some(503)),
            call(3, Method::GET, hosts::PROCUREMENT, None),
        ] {
            assert!(!is_idle(&call, &idle));
        }
        assert!(!is_idle(&read(3), &[]));
    }
}
