//! Routes.
//!
//! | route | who may call | does |
//! |---|---|---|
//! | `POST /usage` | `CALLERS` | stores records of usage, each once |
//! | `POST /report` | `SCHEDULER_IDENTITY` | closes windows and reports them to Google, a part at a time |

use callers::verified;
use function_runtime::{Outcome, Rejection, Request, Response, json, problem};
use google_calls::{Causes, Credentials, GoogleApi, Http};
use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, StatusCode};
use marketplace::At;
use outbox::Outbox;
use store::Store;
use verification::{IdentityVerifier, KeySet, VerifiedCaller};

use crate::body;
use crate::config::Config;
use crate::decide::Rules;
use crate::error::{Error, Kind, SOON};
use crate::record::Recorder;
use crate::report::{Reported, Reporter, Terms};
use crate::service_control::ServiceControl;

/// Largest body of `/usage`.
const LARGEST_BATCH: usize = 4 * 1024 * 1024;

/// Usage reporting.
pub struct Handler {
    callers: IdentityVerifier,
    scheduler: IdentityVerifier,
    store: Store,
    outbox: Outbox,
    recorder: Recorder,
    reporter: Reporter,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let google = &config.base.google;
    let http = Http::new();
    let credentials = Credentials::new(google);
    let keys = KeySet::google_identity(google, http.clone());
    let audience = config.audience.clone();
    let verifier = |callers| IdentityVerifier::new(keys.clone(), audience.clone(), callers);
    let outbox = config.outbox(&store, GoogleApi::new(http, credentials.clone()));
    let control = ServiceControl::new(google, config.service.as_str().to_owned(), credentials);
    let terms = Terms {
        products: config.products.clone(),
        metrics: config.metrics.clone(),
        zero: config.zero,
        labels: config.labels,
        notify: outbox.notify(),
    };
    let rules = Rules {
        products: config.products,
        metrics: config.metrics,
        late: config.late,
    };
    Handler {
        callers: verifier(config.callers),
        scheduler: verifier(config.scheduler),
        recorder: Recorder::new(store.clone(), rules),
        reporter: Reporter::new(store.clone(), control, terms),
        store,
        outbox,
    }
}

impl Handler {
    /// What `POST /usage` answers to a caller who was verified. Simulations bring their own time.
    pub async fn record(&self, _: &VerifiedCaller, body: &[u8], at: At) -> Result<Response, Error> {
        let items = body::parse(body).map_err(Kind::from)?;
        let answers = self.recorder.record(items, at).await;
        let (counts, answer) = (answers.counts(), answers.to_json());
        tracing::info!(
            accepted = counts.accepted,
            duplicate = counts.duplicate,
            refused = counts.refused,
            retry = counts.retry,
            "took usage"
        );
        if counts.retry == 0 {
            return Ok(ended(json(StatusCode::OK, &answer), "usage-taken"));
        }
        let mut response = json(StatusCode::SERVICE_UNAVAILABLE, &answer);
        let soon = HeaderValue::from(SOON.as_secs());
        response.headers_mut().insert(RETRY_AFTER, soon);
        Ok(ended(response, "usage-taken-in-part"))
    }

    /// What `POST /report` does for a scheduler who was verified. Simulations bring their own time.
    pub async fn report(&self, _: &VerifiedCaller, at: At) -> Result<Reported, Error> {
        let mut done = self.reporter.report(at).await.map_err(Kind::from)?;
        match self.outbox.drain(at.deadline).await {
            Ok(published) => done.published = published,
            Err(error) => tracing::warn!(
                error = %Causes(&error),
                "changes wait to be published"
            ),
        }
        done.log();
        Ok(done)
    }

    async fn take_usage(&self, request: &Request) -> Result<Response, Error> {
        let caller = verified(&self.callers, request).await.map_err(Kind::from)?;
        self.record(&caller, &request.body, request.at()).await
    }

    async fn go_on_reporting(&self, request: &Request) -> Result<Response, Error> {
        let scheduler = verified(&self.scheduler, request)
            .await
            .map_err(Kind::from)?;
        let done = self.report(&scheduler, request.at()).await?;
        let body = serde_json::to_value(&done).unwrap_or_default();
        let name = if done.finished {
            "usage-reported"
        } else {
            "usage-reporting"
        };
        Ok(ended(json(StatusCode::OK, &body), name))
    }
}

impl function_runtime::Handler for Handler {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.path(), &request.method) {
            ("/usage", &Method::POST) => Box::pin(self.take_usage(&request)).await,
            ("/report", &Method::POST) => Box::pin(self.go_on_reporting(&request)).await,
            ("/usage" | "/report", _) => Err(Kind::Method.into()),
            _ => Err(Kind::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(self.callers.warm_up(), self.store.warm_up());
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        problem(rejection)
    }

    fn body_limit(&self, path: &str) -> usize {
        match path {
            "/usage" => LARGEST_BATCH,
            // What has no use for a body may still be sent a small one.
            _ => 1_024,
        }
    }
}

fn ended(mut response: Response, name: &'static str) -> Response {
    let account = None;
    response.extensions_mut().insert(Outcome { name, account });
    response
}
