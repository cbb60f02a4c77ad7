//! One exchange with Google over the shared client: no redirects, bounded in time and size.

use std::pin::Pin;

use google_calls::{BodyError, Http, HttpUnavailable, read_body};
use marketplace::Deadline;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{Response, StatusCode};
use tokio::time::timeout;

/// The largest answer that is read, in bytes. Real ones have about 2,000.
const MAX_BODY: usize = 64 * 1024;

/// Google gave no answer that says anything about the person.
#[derive(Debug, thiserror::Error)]
pub enum GoogleUnavailable {
    /// There is no HTTP client.
    #[error(transparent)]
    NoClient(#[from] HttpUnavailable),
    /// Google cannot be reached, or the connection broke.
    #[error("Google sign-in was not reached")]
    Unreachable(#[source] reqwest::Error),
    /// The answer did not come in time.
    #[error("Google sign-in did not answer in time")]
    TimedOut,
    /// The answer is longer than 64 KiB.
    #[error("the answer of Google sign-in is too large")]
    TooLarge,
    /// The answer has a status that says nothing about the person.
    #[error("Google sign-in answered with status {0}")]
    Status(u16),
    /// The answer is not the documented JSON. The body itself is not kept.
    #[error("the answer of Google sign-in is not the documented JSON")]
    Malformed,
}

/// The shared client as the `oauth2` crate calls it.
pub(super) struct Exchange {
    pub(super) http: Http,
    pub(super) deadline: Deadline,
}

impl<'c> AsyncHttpClient<'c> for Exchange {
    type Error = GoogleUnavailable;
    type Future =
        Pin<Box<dyn Future<Output = Result<HttpResponse, GoogleUnavailable>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(exchange(&self.http, request, self.deadline))
    }
}

/// The answer to one request: 200, or a 4xx that refuses what was sent.
pub(super) async fn exchange(
    http: &Http,
    request: HttpRequest,
    deadline: Deadline,
) -> Result<HttpResponse, GoogleUnavailable> {
    let exchange = async {
        let client = http.client().await?;
        let request = request.try_into().map_err(unreachable)?;
        whole(client.execute(request).await.map_err(unreachable)?).await
    };
    timeout(deadline.remaining(), exchange)
        .await
        .unwrap_or(Err(GoogleUnavailable::TimedOut))
}

async fn whole(mut response: Response) -> Result<HttpResponse, GoogleUnavailable> {
    let status = response.status();
    let busy = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    if status != StatusCode::OK && (!status.is_client_error() || busy.contains(&status)) {
        return Err(GoogleUnavailable::Status(status.as_u16()));
    }
    let body = read_body(&mut response, MAX_BODY).await;
    let body = body.map_err(|error| match error {
        BodyError::TooLarge => GoogleUnavailable::TooLarge,
        BodyError::Broken(error) => unreachable(error),
    })?;
    let mut answer = HttpResponse::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = response.headers().clone();
    Ok(answer)
}

/// Addresses carry codes and tokens in no request of ours, and are left out all the same.
fn unreachable(error: reqwest::Error) -> GoogleUnavailable {
    if error.is_timeout() {
        return GoogleUnavailable::TimedOut;
    }
    GoogleUnavailable::Unreachable(error.without_url())
}
