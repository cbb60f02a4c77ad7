//! `POST /usage`: the application records usage.

use callers::verified;
use function_runtime::{Request, Response, json, with_outcome};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use marketplace::{At, ErrorChain};
use store::NotOurStore;
use verification::VerifiedCaller;

use crate::error::{Error, SOON, UsageFault};
use crate::handler::Handler;
use crate::recording::{self, Recorder};

impl Handler {
    pub(crate) async fn post_usage(&self, request: &Request) -> Result<Response, Error> {
        let caller = verified(&self.callers, request).await;
        let caller = caller.map_err(UsageFault::from)?;
        self.record(&caller, &request.body, request.at()).await
    }

    /// The answer of `POST /usage` to a verified caller. Simulations set the time.
    pub async fn record(&self, _: &VerifiedCaller, body: &[u8], at: At) -> Result<Response, Error> {
        let owned = self.expect_our_store(at).await;
        if matches!(owned, Err(NotOurStore::OtherProvider)) {
            return Err(UsageFault::from(NotOurStore::OtherProvider).into());
        }
        let records = recording::parse(body).map_err(UsageFault::from)?;
        let answers = match owned {
            Ok(()) => self.recorder.record(records, at).await,
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error), "usage could not be stored now");
                Recorder::not_now(records)
            }
        };
        let (counts, answer) = (answers.counts(), answers.to_json());
        tracing::info!(
            accepted = counts.accepted,
            duplicate = counts.duplicate,
            refused = counts.refused,
            retry = counts.retry,
            "usage was recorded"
        );
        if counts.retry == 0 {
            let response = json(StatusCode::OK, &answer);
            return Ok(with_outcome(response, "usage-taken", None));
        }
        let mut response = json(StatusCode::SERVICE_UNAVAILABLE, &answer);
        let soon = HeaderValue::from(SOON.as_secs());
        response.headers_mut().insert(RETRY_AFTER, soon);
        Ok(with_outcome(response, "usage-taken-in-part", None))
    }
}
