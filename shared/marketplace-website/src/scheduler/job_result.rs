//! What the functions answer a job, in words.

use serde::Deserialize;

/// An answer, as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JobResult {
    /// None if there was no answer.
    pub(super) status: Option<u16>,
    pub(super) said: String,
    /// Whether there was nothing to do, and nothing is left to do.
    pub(super) is_nothing: bool,
}

#[derive(Deserialize)]
struct Comparison {
    finished: bool,
    checked: u64,
    repaired: u64,
    failed: u64,
    published: u64,
}

#[derive(Deserialize)]
struct Metering {
    finished: bool,
    entitlements: u64,
    closed: u64,
    reported: u64,
    refused: u64,
    pending: u64,
    waiting: u64,
    held: u64,
    failed: u64,
    published: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum JobBody {
    Comparison(Comparison),
    Metering(Metering),
}

impl JobResult {
    pub(super) fn none() -> Self {
        Self {
            status: None,
            said: "no answer".to_owned(),
            is_nothing: false,
        }
    }

    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let (said, is_nothing) = match serde_json::from_slice(body) {
            Ok(JobBody::Comparison(done)) => reconciled(&done),
            Ok(JobBody::Metering(done)) => reported(&done),
            Err(_) => (String::new(), false),
        };
        Self {
            status: Some(status),
            said,
            is_nothing: is_nothing && status == 200,
        }
    }
}

fn reconciled(done: &Comparison) -> (String, bool) {
    let said = format!("checked {}, repaired {}", done.checked, done.repaired);
    let counts = [(done.failed, "failed"), (done.published, "published")];
    with_counts(said, done.finished, &counts, done.repaired == 0)
}

fn reported(done: &Metering) -> (String, bool) {
    let said = format!(
        "looked at {}, reported {}",
        done.entitlements, done.reported
    );
    let counts = [
        (done.closed, "closed"),
        (done.refused, "refused"),
        (done.pending, "pending"),
        (done.waiting, "waiting for an id"),
        (done.held, "held"),
        (done.failed, "failed"),
        (done.published, "published"),
    ];
    with_counts(said, done.finished, &counts, done.reported == 0)
}

/// The sentence with every count that is not zero, and whether all of it comes to nothing.
fn with_counts(
    said: String,
    is_finished: bool,
    counts: &[(u64, &str)],
    is_nothing: bool,
) -> (String, bool) {
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let mut parts: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let is_nothing = is_nothing && is_finished && parts.is_empty();
    parts.insert(0, said);
    if !is_finished {
        parts.push("goes on next time".to_owned());
    }
    (parts.join(", "), is_nothing)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(body: &Value, said: &str, is_nothing: bool) {
        let expected = JobResult {
            status: Some(200),
            said: said.to_owned(),
            is_nothing,
        };
        assert_eq!(JobResult::read(200, body.to_string().as_bytes()), expected);
    }

    #[test]
    fn a_reconciliation_is_put_in_words() {
        let mut body =
            json!({"finished": true, "checked": 4, "repaired": 0, "failed": 0, "published": 0});
        check(&body, "checked 4, repaired 0", true);
        body["repaired"] = json!(1);
        body["published"] = json!(1);
        check(&body, "checked 4, repaired 1, 1 published", false);
        body["failed"] = json!(2);
        body["finished"] = json!(false);
        let said = "checked 4, repaired 1, 2 failed, 1 published, goes on next time";
        check(&body, said, false);
    }

    #[test]
    fn a_report_is_put_in_words() {
        let mut body = json!({
            "finished": true, "entitlements": 3, "closed": 0, "reported": 0, "refused": 0,
            "pending": 0, "waiting": 0, "held": 0, "failed": 0, "published": 0,
        });
        check(&body, "looked at 3, reported 0", true);
        body["closed"] = json!(1);
        body["reported"] = json!(2);
        body["pending"] = json!(1);
        check(&body, "looked at 3, reported 2, 1 closed, 1 pending", false);
    }

    #[test]
    fn what_is_not_understood_or_refused_is_something() {
        let unread = JobResult::read(200, b"<html>");
        assert_eq!((unread.said.as_str(), unread.is_nothing), ("", false));
        let nothing =
            json!({"finished": true, "checked": 4, "repaired": 0, "failed": 0, "published": 0});
        assert!(!JobResult::read(503, nothing.to_string().as_bytes()).is_nothing);
        assert!(!JobResult::none().is_nothing);
    }
}
