//! The calls as the page shows them.

use crate::calls::Call;
use crate::hosts;
use crate::simulator::Simulator;

/// How many rows the page has: more than one looks at, little enough to send often.
const ROWS: usize = 120;

/// One row.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) time: String,
    pub(super) clock: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) service: &'static str,
    pub(super) status: String,
    pub(super) tone: &'static str,
    pub(super) summary: String,
    pub(super) fault: Option<String>,
}

/// The newest calls, oldest first.
pub(super) fn rows(simulator: &Simulator) -> Vec<Row> {
    let calls = simulator.calls().all();
    let newest = calls.len().saturating_sub(ROWS);
    calls.into_iter().skip(newest).map(row).collect()
}

fn row(call: Call) -> Row {
    Row {
        number: call.number,
        time: call.time.to_string(),
        clock: call.time.strftime("%H:%M:%S%.3f").to_string(),
        method: call.method.to_string(),
        service: service(&call),
        status: call
            .status
            .map_or("…".to_owned(), |status| status.to_string()),
        tone: tone(call.status),
        summary: said(&call),
        path: call.path,
        fault: call.fault,
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
        hosts::WWW => "Public keys",
        _ => "Google",
    }
}
