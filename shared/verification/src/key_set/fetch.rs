//! One fetch of a key set.

use std::error::Error;
use std::time::Duration;

use google_calls::{BodyError, Http, RetryVerdict, read_body, repeated, retry_after};
use jiff::SignedDuration;
use marketplace::{Deadline, ErrorChain};
use reqwest::{Client, Response, StatusCode};
use tokio::time::timeout;

use super::certificates::{self, Keys};
use super::lifetime::lifetime;
use crate::verification_error::KeysUnavailable;

/// How long a fetch may take with all its attempts. It has its own time because it serves all that
/// wait, and outlives the request that started it.
pub(super) const FETCH_TIME: Duration = Duration::from_secs(6);

/// The largest key set that is read, in bytes. Real ones have about 3,000.
const MAX_BODY: usize = 64 * 1024;

/// What a successful fetch brings.
pub(super) struct Fetched {
    pub(super) keys: Keys,
    pub(super) lifetime: SignedDuration,
}

/// Why keys could not be had.
pub(super) struct FetchFailure {
    pub(super) reason: KeysUnavailable,
    verdict: RetryVerdict,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Fetches, with a few attempts.
pub(super) async fn fetch(http: &Http, url: &str) -> Result<Fetched, FetchFailure> {
    repeated(
        Deadline::after(FETCH_TIME),
        |failure: &FetchFailure| failure.verdict,
        |deadline| attempt(http, url, deadline),
    )
    .await
}

async fn attempt(http: &Http, url: &str, deadline: Deadline) -> Result<Fetched, FetchFailure> {
    let exchange = async {
        let client = http
            .client()
            .await
            .map_err(|error| FetchFailure::again(KeysUnavailable::NoClient, Some(error.into())))?;
        exchange(&client, url).await
    };
    timeout(deadline.remaining(), exchange)
        .await
        .unwrap_or_else(|_| Err(FetchFailure::again(KeysUnavailable::TimedOut, None)))
}

async fn exchange(client: &Client, url: &str) -> Result<Fetched, FetchFailure> {
    let mut response = client.get(url).send().await.map_err(FetchFailure::broken)?;
    if response.status() != StatusCode::OK {
        return Err(FetchFailure::status(&response));
    }
    let lifetime = lifetime(response.headers());
    let body = read_body(&mut response, MAX_BODY).await;
    let body = body.map_err(|error| match error {
        BodyError::TooLarge => FetchFailure::last(KeysUnavailable::TooLarge),
        BodyError::Broken(error) => FetchFailure::broken(error),
    })?;
    let keys = certificates::keys(&body).map_err(FetchFailure::last)?;
    Ok(Fetched { keys, lifetime })
}

impl FetchFailure {
    /// Logs it, with everything that led to it: as an error if it is an alarm, else as a warning.
    pub(super) fn log(&self, url: &str, is_alarm: bool) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    url,
                    reason = %self.reason,
                    error = self
                        .source
                        .as_deref()
                        .map(|error| tracing::field::display(ErrorChain(error))),
                    "Google's keys were not refreshed"
                )
            };
        }
        if is_alarm {
            line!(error);
        } else {
            line!(warn);
        }
    }

    fn last(reason: KeysUnavailable) -> Self {
        Self {
            reason,
            verdict: RetryVerdict::Final,
            source: None,
        }
    }

    fn again(reason: KeysUnavailable, source: Option<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            reason,
            verdict: RetryVerdict::Again {
                after: Duration::ZERO,
            },
            source,
        }
    }

    fn broken(error: reqwest::Error) -> Self {
        let reason = if error.is_timeout() {
            KeysUnavailable::TimedOut
        } else {
            KeysUnavailable::Unreachable
        };
        Self::again(reason, Some(error.without_url().into()))
    }

    fn status(response: &Response) -> Self {
        let status = response.status();
        let reason = KeysUnavailable::Status(status.as_u16());
        let passing = status.is_server_error()
            || matches!(
                status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
            );
        if !passing {
            return Self::last(reason);
        }
        Self {
            reason,
            verdict: RetryVerdict::Again {
                after: retry_after(response.headers()).unwrap_or_default(),
            },
            source: None,
        }
    }
}
