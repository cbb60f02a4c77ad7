//! The time that lies between one message and the next.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::sync::lock;

/// Keeps messages apart by this machine's clock: nobody waits for simulated time.
#[derive(Debug, Default)]
pub(super) struct Pace {
    spacing: Duration,
    last: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) fn of(spacing: Duration) -> Self {
        Self {
            spacing,
            last: Mutex::default(),
        }
    }

    /// Waits until the next message may be sent.
    pub(super) async fn wait(&self) {
        let last = *lock(&self.last);
        let next = last.and_then(|last| last.checked_add(self.spacing));
        if let Some(next) = next.filter(|next| *next > Instant::now()) {
            sleep_until(next).await;
        }
    }

    /// A message is sent now.
    pub(super) fn sent(&self) {
        *lock(&self.last) = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_message_waits_for_its_distance_from_the_one_before() {
        let pace = Pace::of(Duration::from_secs(5));
        let start = Instant::now();
        let mut sent = Vec::new();
        for _ in 0..3 {
            pace.wait().await;
            pace.sent();
            sent.push(start.elapsed().as_secs());
        }
        assert_eq!(sent, [0, 5, 10]);
        tokio::time::advance(Duration::from_secs(7)).await;
        pace.wait().await;
        assert_eq!(start.elapsed().as_secs(), 17);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_distance_nothing_waits() {
        let pace = Pace::of(Duration::ZERO);
        let start = Instant::now();
        pace.sent();
        pace.wait().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
