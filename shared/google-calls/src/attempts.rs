//! Bounded repetition of calls that may be repeated.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use marketplace::Deadline;

/// Attempts in all. The third one catches what the second did not; a fourth would only add load to
/// something that is down.
const ATTEMPTS: usize = 3;

/// Upper end of the first pause; the next ones double it.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Upper end of every pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Longest time for one attempt while another one may follow.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(3);

/// Time below which an attempt is not worth beginning.
const SHORTEST_ATTEMPT: Duration = Duration::from_millis(200);

/// What a failed attempt says about another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryVerdict {
    /// Another attempt cannot or must not help.
    Final,
    /// Another attempt may help, but not before this long has passed.
    Again {
        /// What the other side asked for by `Retry-After`; zero if it did not.
        after: Duration,
    },
}

/// Calls up to three times, with random pauses between, until it succeeds, `judge` says that the
/// failure is final, or too little of the deadline is left; answers the last failure.
///
/// Only for calls that have the same effect done once or twice. Each attempt is given its own
/// deadline, and must keep it: one that hangs leaves time for another.
pub async fn repeated<T, E, Call, Attempt>(
    deadline: Deadline,
    judge: impl Fn(&E) -> RetryVerdict,
    mut call: Call,
) -> Result<T, E>
where
    Call: FnMut(Deadline) -> Attempt,
    Attempt: Future<Output = Result<T, E>>,
{
    let mut to_come = ATTEMPTS;
    let attempt = || {
        to_come = to_come.saturating_sub(1);
        call(deadline.at_most(share(deadline.remaining(), to_come)))
    };
    attempt
        .retry(pauses())
        .adjust(|error, pause| next(judge(error), pause.map(jittered), deadline.remaining()))
        .await
}

fn pauses() -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_max_times(ATTEMPTS - 1)
}

/// A random part of the pause (full jitter): callers that failed together must not come back together.
pub fn jittered(pause: Duration) -> Duration {
    pause.mul_f32(fastrand::f32())
}

/// The part of what remains that one attempt may take, with `to_come` others after it.
fn share(remaining: Duration, to_come: usize) -> Duration {
    let half = remaining / 2;
    if to_come == 0 || half < SHORTEST_ATTEMPT {
        return remaining;
    }
    half.min(LONGEST_ATTEMPT)
}

/// How long to wait before the next attempt; `None` gives up. `pause` is ours to choose, and `None`
/// when the attempts are used up.
fn next(verdict: RetryVerdict, pause: Option<Duration>, remaining: Duration) -> Option<Duration> {
    let RetryVerdict::Again { after } = verdict else {
        return None;
    };
    let wait = after.saturating_add(pause?);
    (wait.saturating_add(SHORTEST_ATTEMPT) <= remaining).then_some(wait)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    const fn again(after: u64) -> RetryVerdict {
        RetryVerdict::Again { after: ms(after) }
    }

    #[test]
    fn another_attempt_follows_only_if_allowed_and_in_time() {
        for (verdict, pause, remaining, expected) in [
            (RetryVerdict::Final, Some(ms(10)), ms(8_000), None),
            (again(0), Some(ms(10)), ms(8_000), Some(ms(10))),
            (again(0), None, ms(8_000), None),
            (again(2_000), Some(ms(10)), ms(8_000), Some(ms(2_010))),
            (again(2_000), Some(ms(10)), ms(2_209), None),
            (again(2_000), Some(ms(10)), ms(2_210), Some(ms(2_010))),
            (again(60_000), Some(ms(0)), ms(8_000), None),
            (again(0), Some(ms(0)), ms(199), None),
            (again(u64::MAX), Some(ms(10)), ms(8_000), None),
        ] {
            assert_eq!(next(verdict, pause, remaining), expected, "{verdict:?}");
        }
    }

    #[test]
    fn a_hanging_attempt_leaves_time_for_another() {
        for (remaining, to_come, expected) in [
            (8_000, 2, 3_000),
            (5_000, 1, 2_500),
            (2_500, 0, 2_500),
            (1_000, 2, 500),
            (300, 2, 300),
            (0, 2, 0),
        ] {
            assert_eq!(share(ms(remaining), to_come), ms(expected), "{remaining}");
        }
    }

    #[test]
    fn pauses_are_between_nothing_and_their_upper_end() {
        assert!((0..1_000).all(|_| jittered(FIRST_PAUSE) <= FIRST_PAUSE));
    }

    async fn run(answers: &[Result<u8, RetryVerdict>]) -> (Result<u8, RetryVerdict>, usize) {
        let left = RefCell::new(answers.iter().copied());
        let result = repeated(
            Deadline::after(ms(8_000)),
            |verdict| *verdict,
            |_| {
                let answer = left.borrow_mut().next().expect("one attempt too many");
                std::future::ready(answer)
            },
        )
        .await;
        let used = answers.len() - left.borrow().len();
        (result, used)
    }

    #[tokio::test]
    async fn a_call_is_repeated_until_it_succeeds() {
        assert_eq!(run(&[Err(again(0)), Ok(7), Ok(8)]).await, (Ok(7), 2));
    }

    #[tokio::test]
    async fn a_final_failure_is_not_repeated() {
        let answers = [Err(RetryVerdict::Final), Ok(7)];
        assert_eq!(run(&answers).await, (Err(RetryVerdict::Final), 1));
    }

    #[tokio::test]
    async fn the_third_failure_is_the_answer() {
        let answers = [Err(again(0)), Err(again(1)), Err(again(2)), Ok(7)];
        assert_eq!(run(&answers).await, (Err(again(2)), 3));
    }

    #[tokio::test]
    async fn a_wait_beyond_the_deadline_is_not_started() {
        assert_eq!(
            run(&[Err(again(60_000)), Ok(7)]).await,
            (Err(again(60_000)), 1)
        );
    }
}
