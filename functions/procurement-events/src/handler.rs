//! Routes.
//!
//! | route | who may call | does |
//! |---|---|---|
//! | `POST /events` | `PUSH_IDENTITY` | takes one event of the Marketplace's |
//! | `POST /reconcile` | `SCHEDULER_IDENTITY` | compares the store with the Procurement API, a part at a time |

use approval::{Follower, Outbox, ServiceAccounts};
use callers::verified;
use function_runtime::{Outcome, Rejection, Request, Response, json, problem};
use google_calls::{Credentials, Http};
use http::{Method, StatusCode};
use store::Store;
use verification::{IdentityVerifier, KeySet};

use crate::config::Config;
use crate::error::{Error, Kind};

/// Largest body of a push. Pub/Sub's largest message has 10 MB, and base64 makes it a third larger:
/// one that is too large for us would be delivered again and again.
const LARGEST_PUSH: usize = 15 * 1024 * 1024;

/// Procurement events.
pub struct Handler {
    pub(crate) push: IdentityVerifier,
    pub(crate) scheduler: IdentityVerifier,
    pub(crate) store: Store,
    pub(crate) follower: Follower,
    pub(crate) outbox: Outbox,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let google = &config.base.google;
    let http = Http::new();
    let credentials = Credentials::new(google);
    let keys = KeySet::google_identity(google, http.clone());
    let service_accounts = ServiceAccounts::new(google, credentials.clone());
    let (approvals, outbox) = config.approval.build(&store, google, (http, credentials));
    let verifier = |callers| IdentityVerifier::new(keys.clone(), config.audience.clone(), callers);
    Handler {
        push: verifier(config.push),
        scheduler: verifier(config.scheduler),
        store,
        follower: Follower::new(approvals, outbox.clone(), service_accounts),
        outbox,
    }
}

impl Handler {
    async fn reconcile(&self, request: Request) -> Result<Response, Error> {
        verified(&self.scheduler, &request)
            .await
            .map_err(Kind::from)?;
        let at = request.at();
        let done = self.follower.reconcile(at).await.map_err(Kind::from)?;
        tracing::info!(
            finished = done.finished,
            next = done.next,
            checked = done.checked,
            repaired = done.repaired,
            failed = done.failed,
            published = done.published,
            waiting = done.waiting,
            oldest_waiting_s = done.oldest_waiting_s,
            "reconciled"
        );
        let body = serde_json::to_value(&done).unwrap_or_default();
        let mut response = json(StatusCode::OK, &body);
        response.extensions_mut().insert(Outcome {
            name: if done.finished {
                "reconciled"
            } else {
                "reconciling"
            },
            account: None,
        });
        Ok(response)
    }
}

impl function_runtime::Handler for Handler {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.path(), &request.method) {
            ("/events", &Method::POST) => Box::pin(self.take_event(request)).await,
            ("/reconcile", &Method::POST) => Box::pin(self.reconcile(request)).await,
            ("/events" | "/reconcile", _) => Err(Kind::Method("POST").into()),
            _ => Err(Kind::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(
            self.push.warm_up(),
            self.store.warm_up(),
            self.follower.warm_up(),
        );
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        problem(rejection)
    }

    fn body_limit(&self, path: &str) -> usize {
        match path {
            "/events" => LARGEST_PUSH,
            // What has no use for a body may still be sent a small one.
            _ => 1_024,
        }
    }
}
