//! A push subscription.

use std::time::Duration;

/// Where messages are pushed to, as whom, and what happens when that fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The endpoint.
    pub url: String,
    /// E-mail of the service account that the pushes are signed as.
    pub service_account: String,
    /// `aud` of their identity tokens.
    pub audience: String,
    /// Full name of the subscription.
    pub subscription: String,
    /// How many deliveries are under way at a time. One keeps the order of publication.
    pub parallel: usize,
    /// By when the endpoint must have answered.
    pub acknowledge_within: Duration,
    /// What follows an attempt that failed.
    pub backoff: Backoff,
}

/// What follows an attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The pause before the second attempt; each one after it is twice as long as the one before.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// The dead-letter policy: after so many attempts a message is given up. Without one it never is,
    /// and envelopes have no `deliveryAttempt`.
    pub max_attempts: Option<u32>,
}

impl Push {
    /// One push at a time, 10 s to answer each, five attempts with pauses of some milliseconds.
    pub fn to(url: &str, service_account: &str, audience: &str) -> Self {
        Self {
            url: url.to_owned(),
            service_account: service_account.to_owned(),
            audience: audience.to_owned(),
            subscription: "projects/example-project/subscriptions/marketplace-push".to_owned(),
            parallel: 1,
            acknowledge_within: Duration::from_secs(10),
            backoff: Backoff::default(),
        }
    }

    /// With so many deliveries at a time.
    #[must_use]
    pub fn parallel(mut self, parallel: usize) -> Self {
        self.parallel = parallel;
        self
    }

    /// With these pauses and this many attempts.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(2),
            longest: Duration::from_millis(50),
            max_attempts: Some(5),
        }
    }
}

impl Backoff {
    /// For a receiver that somebody is working on: nothing is given up, with pauses from a tenth of a second
    /// to ten seconds.
    pub const PATIENT: Self = Self {
        first: Duration::from_millis(100),
        longest: Duration::from_secs(10),
        max_attempts: None,
    };

    pub(crate) fn pause(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_twice_as_long_up_to_the_longest() {
        let backoff = Backoff::default();
        let pauses = [1, 2, 3, 5, 6, 100].map(|failures| backoff.pause(failures).as_millis());
        assert_eq!(pauses, [2, 4, 8, 32, 50, 50]);
    }
}
