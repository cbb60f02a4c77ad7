//! Pages that change by themselves.

use std::time::Duration;

use function_runtime::{Request, Response};
use http::StatusCode;
use marketplace_simulator::Simulator;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::{Refusal, refusal};

/// How long a page that waits for a change is kept waiting: less than browsers do by themselves.
const PATIENCE: Duration = Duration::from_secs(25);

/// Answers at once; or, if the page knows the answer and would rather wait, when something has changed in the
/// simulated Google or in what else is shown, `shown`.
pub async fn answer_when_changed(
    simulator: &Simulator,
    request: &Request,
    mut shown: Option<watch::Receiver<u64>>,
    answer: impl Fn() -> Result<Response, Refusal>,
) -> Response {
    let patience = Instant::now() + PATIENCE;
    loop {
        let (mut calls, mut state) = (simulator.calls().changes(), simulator.changes());
        let mut pushed = simulator.events().changes();
        let mut published = simulator.published().changes();
        if let Some(shown) = &mut shown {
            shown.mark_unchanged();
        }
        let answer = answer().unwrap_or_else(|reason| refusal(&reason));
        if !waits(request) || answer.status() != StatusCode::NOT_MODIFIED {
            return answer;
        }
        tokio::select! {
            _ = calls.changed() => {}
            _ = state.changed() => {}
            _ = pushed.changed() => {}
            _ = published.changed() => {}
            () = changed(shown.as_mut()) => {}
            () = sleep_until(patience) => return answer,
        }
    }
}

/// Waits for a change; for ever if there is nothing that could change.
async fn changed(revision: Option<&mut watch::Receiver<u64>>) {
    match revision {
        // Whoever shows it holds the sender, so waiting does not fail.
        Some(revision) => drop(revision.changed().await),
        None => std::future::pending().await,
    }
}

/// Whether the page would rather wait for a change than hear that there is none (RFC 7240).
fn waits(request: &Request) -> bool {
    request.header("prefer") == Some("wait")
}
