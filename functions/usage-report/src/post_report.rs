//! `POST /report`: the scheduler has usage reported to Google.

use callers::verified;
use function_runtime::{Request, Response, json, with_outcome};
use http::StatusCode;
use marketplace::{At, ErrorChain};
use verification::VerifiedCaller;

use crate::error::{Error, UsageFault};
use crate::handler::Handler;
use crate::reporting::ReportSummary;

impl Handler {
    pub(crate) async fn post_report(&self, request: &Request) -> Result<Response, Error> {
        let scheduler = verified(&self.scheduler, request).await;
        let scheduler = scheduler.map_err(UsageFault::from)?;
        let summary = self.report(&scheduler, request.at()).await?;
        let body = serde_json::to_value(&summary).unwrap_or_default();
        let name = if summary.finished {
            "usage-reported"
        } else {
            "usage-reporting"
        };
        Ok(with_outcome(json(StatusCode::OK, &body), name, None))
    }

    /// The work of `POST /report` for a verified scheduler. Simulations set the time.
    pub async fn report(&self, _: &VerifiedCaller, at: At) -> Result<ReportSummary, Error> {
        self.expect_our_store(at).await.map_err(UsageFault::from)?;
        let summary = self.reporter.report(at).await;
        let mut summary = summary.map_err(UsageFault::from)?;
        match self.outbox.drain(at.deadline).await {
            Ok(published) => summary.published = published,
            Err(error) => tracing::warn!(
                error = %ErrorChain(&error),
                "changes could not be published now"
            ),
        }
        summary.log();
        Ok(summary)
    }
}
