//! Cloud Scheduler, with the two jobs that call functions of the vendor's every so often.

mod job_calls;
mod job_result;

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use marketplace_simulator::{Simulator, http_client};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use job_calls::JobCalls;
pub(super) use job_calls::{CallRange, JobCall};
use job_result::JobResult;

/// By when a call must be answered: longer than a function takes at most.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Calls the vendor's functions, signed with its service account's identity token.
#[derive(Debug)]
pub struct Scheduler {
    portico: String,
    service_account: String,
    audience: String,
    reconcile: Schedule,
    report: Schedule,
    calls: JobCalls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    Reconcile,
    Report,
}

#[derive(Debug)]
struct Schedule {
    job: Job,
    every: Duration,
    wanted: Notify,
    /// Whether a person asked for the next call, and wants to see it.
    is_asked_for: AtomicBool,
}

impl Scheduler {
    /// Posts to `/reconcile` and `/report` below this origin, as this service account, for this
    /// audience, as soon as it [runs](Self::run): each after so long, and again and again.
    pub fn new(portico: &str, service_account: &str, audience: &str, every: [Duration; 2]) -> Self {
        let [reconcile, report] = every;
        Self {
            portico: portico.to_owned(),
            service_account: service_account.to_owned(),
            audience: audience.to_owned(),
            reconcile: Schedule::of(Job::Reconcile, reconcile),
            report: Schedule::of(Job::Report, report),
            calls: JobCalls::default(),
        }
    }

    /// Runs the jobs in their time, whenever the page asks for one, and both when simulated time
    /// has passed. It ends when it is dropped.
    pub async fn run(&self, simulator: &Simulator) -> Infallible {
        tokio::select! {
            never = self.repeat(&self.reconcile, simulator) => never,
            never = self.repeat(&self.report, simulator) => never,
        }
    }

    /// Has a job run at once, or as soon as its call under way is answered. What it comes to is shown,
    /// be it nothing.
    pub(super) fn run_now(&self, job: Job) {
        let schedule = match job {
            Job::Reconcile => &self.reconcile,
            Job::Report => &self.report,
        };
        schedule.is_asked_for.store(true, Ordering::SeqCst);
        schedule.wanted.notify_one();
    }

    /// Both jobs are due by the simulated clock.
    pub(super) fn catch_up(&self) {
        self.reconcile.wanted.notify_one();
        self.report.wanted.notify_one();
    }

    /// The last calls that came to something or were asked for, oldest first.
    pub(super) fn calls(&self) -> Vec<JobCall> {
        self.calls.kept()
    }

    /// What was called at Google by jobs that found nothing to do, oldest first.
    pub(super) fn idle_ranges(&self) -> Vec<CallRange> {
        self.calls.idle_ranges()
    }

    /// Changes whenever a call was answered.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.calls.changes()
    }

    async fn repeat(&self, schedule: &Schedule, simulator: &Simulator) -> Infallible {
        let client = http_client(ANSWERED_WITHIN);
        let mut clock = interval_at(Instant::now() + schedule.every, schedule.every);
        // A laptop that slept for a night has one call to make up for, not hundreds.
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = clock.tick() => {}
                () = schedule.wanted.notified() => clock.reset(),
            }
            let is_asked_for = schedule.is_asked_for.swap(false, Ordering::SeqCst);
            let before = simulator.calls().last_number();
            let answer = self.call(schedule.job, simulator, &client).await;
            let span = CallRange {
                after: before,
                until: simulator.calls().last_number(),
            };
            if is_asked_for || !answer.is_nothing {
                self.calls.keep(schedule.job, simulator.now(), answer);
            } else {
                self.calls.pass_over(span);
            }
        }
    }

    /// One call. The function logs what it came to as well.
    async fn call(&self, job: Job, simulator: &Simulator, client: &reqwest::Client) -> JobResult {
        let token = simulator.identity_token(&self.service_account, &self.audience);
        let request = client
            .post(format!("{}{}", self.portico, job.path()))
            .header("authorization", format!("Bearer {token}"))
            .header("user-agent", "Google-Cloud-Scheduler");
        let answer = match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                JobResult::read(status, &response.bytes().await.unwrap_or_default())
            }
            Err(_) => JobResult::none(),
        };
        if answer.status.is_none_or(|status| status >= 400) {
            let (status, path) = (answer.status, job.path());
            tracing::warn!(status, path, "a job of the scheduler's failed");
        }
        answer
    }
}

impl Job {
    pub(super) fn find(name: &str) -> Option<Self> {
        [Self::Reconcile, Self::Report]
            .into_iter()
            .find(|job| job.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        self.path().trim_start_matches('/')
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Reconcile => "/reconcile",
            Self::Report => "/report",
        }
    }
}

impl Schedule {
    fn of(job: Job, every: Duration) -> Self {
        Self {
            job,
            every,
            wanted: Notify::new(),
            is_asked_for: AtomicBool::new(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use marketplace_simulator::Settings;

    use super::*;

    /// The first calls of two jobs that nobody listens to.
    async fn first_calls(every: [Duration; 2], count: u64) -> Vec<JobCall> {
        let simulator = Simulator::new(Settings::default(), "http://127.0.0.1:1");
        // Nobody can listen on port 0.
        let portico = "http://127.0.0.1:0";
        let scheduler = Scheduler::new(portico, "scheduler@example.com", "audience", every);
        let mut answered = scheduler.changes();
        scheduler.run_now(Job::Report);
        let enough = answered.wait_for(|revision| *revision >= count);
        tokio::select! {
            never = scheduler.run(&simulator) => match never {},
            ended = enough => drop(ended.unwrap()),
        }
        scheduler.calls()
    }

    const LONG: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_job_runs_when_asked_to_and_says_when_nobody_answered() {
        let calls = first_calls([LONG, LONG], 1).await;
        let [call] = calls.as_slice() else {
            panic!("one call: {calls:?}");
        };
        assert_eq!((call.job, call.number), (Job::Report, 1));
        assert_eq!((call.status, call.said.as_str()), (None, "no answer"));
    }

    #[tokio::test]
    async fn each_job_runs_again_and_again_and_the_last_calls_are_kept() {
        let calls = first_calls([Duration::from_millis(1), LONG], 30).await;
        assert_eq!(calls.len(), job_calls::KEPT);
        let last = calls.last().unwrap();
        assert_eq!(last.job, Job::Reconcile);
        assert!(last.number > 20);
    }

    #[test]
    fn a_job_is_found_by_its_name() {
        assert_eq!(Job::find("reconcile"), Some(Job::Reconcile));
        assert_eq!(Job::find("report"), Some(Job::Report));
        assert_eq!(Job::find("/report"), None);
    }
}
