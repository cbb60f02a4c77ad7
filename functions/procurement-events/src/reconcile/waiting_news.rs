//! The news that waits to be published.

use jiff::Timestamp;
use marketplace::{At, ErrorChain};
use outbox::Notify;
use serde::Serialize;

use crate::handler::Handler;

/// More are not counted: an operator is warned long before.
const MOST: usize = 1_001;

/// How much news waits, and for how long.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(super) struct WaitingNews {
    pub(super) outbox: usize,
    /// For how many seconds the oldest has waited, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) oldest_outbox_s: Option<i64>,
}

impl Handler {
    /// Nothing waits without a topic.
    pub(super) async fn waiting_news(&self, at: At) -> WaitingNews {
        if self.outbox.notify() == Notify::Off {
            return WaitingNews::default();
        }
        let entries = match self.store.outbox_batch(MOST, at.deadline).await {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(
                    error = %ErrorChain(&error),
                    "the news that waits could not be counted"
                );
                return WaitingNews::default();
            }
        };
        let entries = entries.iter().map(|entry| &entry.record);
        // The sequence is the time at which the news was written, or just after another news of that time.
        let written = entries.clone().map(|entry| {
            let sequence = entry.sequence.as_ref();
            let micros = sequence.and_then(|sequence| sequence.parse().ok());
            let written = micros.and_then(|micros| Timestamp::from_microsecond(micros).ok());
            written.unwrap_or(entry.occurred)
        });
        let seconds = written
            .min()
            .map(|oldest| at.now.duration_since(oldest).as_secs());
        WaitingNews {
            outbox: entries.count(),
            oldest_outbox_s: seconds.map(|seconds| seconds.max(0)),
        }
    }
}
