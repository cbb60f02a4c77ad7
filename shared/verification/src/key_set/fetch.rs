//! One fetch of a key set.

use std::error::Error;
use std::time::Duration;

use google_calls::{BodyError, Http, RetryVerdict, read_body, repeated, retry_after};
use jiff::SignedDuration;
use marketplace::{Deadline, ErrorChain};
use reqwest::{Client, Response, StatusCode};
use tokio::time::timeout;

use super::cache::Keys;
use super::certificates;
use super::lifetime::lifetime;

/// How long a fetch may take with all its attempts. It has its own time because it serves all that
/// wait, and outlives the request that started it.
pub(super) const FETCH_TIME: Duration = Duration::from_secs(6);

/// The largest key set that is read, in bytes. Real ones have about 3,000.
const MAX_BODY: usize = 64 * 1024;

/// Google's keys cannot be had at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysUnavailable {
    /// There is no HTTP client, for example for want of CA certificates.
    #[error("there is no HTTP client to fetch Google's keys with")]
    NoClient,
    /// The endpoint cannot be reached, or the connection broke.
    #[error("Google's keys cannot be reached")]
    Unreachable,
    /// The keys did not come in time.
    #[error("Google's keys did not come in time")]
    TimedOut,
    /// The endpoint answered with a status other than 200. Redirects are not followed.
    #[error("the answer to the request for Google's keys had status {0}")]
    Status(u16),
    /// The answer is longer than 64 KiB.
    #[error("the answer with Google's keys is too large")]
    TooLarge,
    /// The answer is not a JSON object with every key id once.
    #[error("the answer with Google's keys cannot be read")]
    Malformed,
    /// The answer has no usable key: it is empty, or all keys are weak or broken.
    #[error("none of Google's keys can be used")]
    NoUsableKey,
}

/// What a successful fetch brings.
pub(super) struct Fetched {
    pub(super) keys: Keys,
    pub(super) lifetime: SignedDuration,
}

struct FetchFailure {
    reason: KeysUnavailable,
    verdict: RetryVerdict,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Fetches, with a few attempts, and logs a failure: nobody may be waiting to do so.
pub(super) async fn fetch(http: &Http, url: &str) -> Result<Fetched, KeysUnavailable> {
    let outcome = repeated(
        Deadline::after(FETCH_TIME),
        |failure: &FetchFailure| failure.verdict,
        |deadline| attempt(http, url, deadline),
    )
    .await;
    outcome.map_err(|failure| {
        tracing::warn!(
            url,
            reason = %failure.reason,
            error = failure.source.as_deref().map(|error| tracing::field::display(ErrorChain(error))),
            "Google's keys were not refreshed"
        );
        failure.reason
    })
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
