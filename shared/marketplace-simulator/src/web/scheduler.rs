//! A job of Cloud Scheduler's, which calls a function of the vendor's every so often.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::delivery::http_client;
use crate::simulator::Simulator;

/// How many calls are kept for the page.
const KEPT: usize = 20;
/// By when a call must be answered: longer than a function takes at most.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// A job that posts to `/reconcile`, signed with its service account's identity token.
#[derive(Debug)]
pub struct Scheduler {
    url: String,
    service_account: String,
    audience: String,
    every: Duration,
    wanted: Notify,
    calls: Mutex<Calls>,
    revision: watch::Sender<u64>,
}

/// One call of the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JobCall {
    /// Counts from 1.
    pub(super) number: u64,
    /// When it was answered.
    pub(super) time: Timestamp,
    /// None if there was no answer.
    pub(super) status: Option<u16>,
    /// What was answered, in words.
    pub(super) said: String,
}

#[derive(Debug, Default)]
struct Calls {
    kept: VecDeque<JobCall>,
    last_number: u64,
}

/// What `/reconcile` answers, as far as the page shows it.
#[derive(Deserialize)]
struct Answer {
    finished: bool,
    checked: u64,
    repaired: u64,
    failed: u64,
}

impl Scheduler {
    /// A job that calls this address, as this service account, for this audience.
    pub fn new(url: &str, service_account: &str, audience: &str, every: Duration) -> Self {
        Self {
            url: url.to_owned(),
            service_account: service_account.to_owned(),
            audience: audience.to_owned(),
            every,
            wanted: Notify::new(),
            calls: Mutex::default(),
            revision: watch::Sender::new(0),
        }
    }

    /// Calls every so often, the first time after one pause, and whenever the page asks for it. It
    /// ends when it is dropped.
    pub async fn run(&self, simulator: &Simulator) -> Infallible {
        let client = http_client(ANSWERED_WITHIN);
        let mut clock = interval_at(Instant::now() + self.every, self.every);
        // A laptop that slept for a night has one call to make up for, not hundreds.
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = clock.tick() => {}
                () = self.wanted.notified() => clock.reset(),
            }
            self.call(simulator, &client).await;
        }
    }

    /// Has the job run at once, or as soon as the call under way is answered.
    pub(super) fn run_now(&self) {
        self.wanted.notify_one();
    }

    /// The last calls, oldest first.
    pub(super) fn calls(&self) -> Vec<JobCall> {
        self.lock().kept.iter().cloned().collect()
    }

    /// Changes whenever a call was answered.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// One call. What it came to stands in the log of the page; the function logs it too.
    async fn call(&self, simulator: &Simulator, client: &reqwest::Client) {
        let token = simulator.identity_token(&self.service_account, &self.audience);
        let request = client
            .post(&self.url)
            .header("authorization", format!("Bearer {token}"))
            .header("user-agent", "Google-Cloud-Scheduler");
        let (status, said) = match request.send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let body = answer.bytes().await.unwrap_or_default();
                (Some(status), in_words(&body))
            }
            Err(_) => (None, "no answer".to_owned()),
        };
        if status.is_none_or(|status| status >= 400) {
            tracing::warn!(status, "the scheduler's job failed");
        }
        self.keep(status, said);
    }

    fn keep(&self, status: Option<u16>, said: String) {
        let mut calls = self.lock();
        calls.last_number += 1;
        let number = calls.last_number;
        calls.kept.push_back(JobCall {
            number,
            // In the log it follows the calls that it led to.
            time: Timestamp::now(),
            status,
            said,
        });
        if calls.kept.len() > KEPT {
            calls.kept.pop_front();
        }
        drop(calls);
        self.revision.send_modify(|revision| *revision += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_words(body: &[u8]) -> String {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return String::new();
    };
    let Answer {
        finished,
        checked,
        repaired,
        failed,
    } = answer;
    let failed = match failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let rest = if finished { "" } else { ", goes on next time" };
    format!("checked {checked}, repaired {repaired}{failed}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn an_answer_is_put_in_words_and_anything_else_is_not() {
        let answer =
            br#"{"finished":true,"next":"x","checked":4,"repaired":1,"failed":0,"published":1}"#;
        assert_eq!(in_words(answer), "checked 4, repaired 1");
        let answer = br#"{"finished":false,"checked":9,"repaired":0,"failed":2,"published":0}"#;
        assert_eq!(
            in_words(answer),
            "checked 9, repaired 0, 2 failed, goes on next time"
        );
        assert_eq!(in_words(b"<html>"), "");
    }

    /// The first calls of a job that nobody listens to.
    async fn first_calls(every: Duration, count: u64) -> Vec<(u64, Option<u16>)> {
        let simulator = Simulator::new(Settings::default(), "http://127.0.0.1:1");
        // Nobody can listen on port 0.
        let url = "http://127.0.0.1:0/reconcile";
        let scheduler = Scheduler::new(url, "scheduler@example.com", "audience", every);
        let mut answered = scheduler.changes();
        scheduler.run_now();
        let enough = answered.wait_for(|revision| *revision >= count);
        tokio::select! {
            never = scheduler.run(&simulator) => match never {},
            ended = enough => drop(ended.unwrap()),
        }
        let calls = scheduler.calls();
        calls
            .iter()
            .map(|call| (call.number, call.status))
            .collect()
    }

    #[tokio::test]
    async fn it_calls_when_asked_to_and_says_when_nobody_answered() {
        let calls = first_calls(Duration::from_hours(1), 1).await;
        assert_eq!(calls, [(1, None)]);
    }

    #[tokio::test]
    async fn it_calls_again_and_again_and_keeps_the_last_calls() {
        let calls = first_calls(Duration::from_millis(1), 23).await;
        assert_eq!(calls.len(), KEPT);
        assert!(calls.first().is_some_and(|(number, _)| *number >= 4));
    }
}
