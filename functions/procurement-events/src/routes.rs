//! Routes.
//!
//! | route | who may call | does |
//! |---|---|---|
//! | `POST /events` | `PUSH_IDENTITY` | takes one event of the Marketplace's |
//! | `POST /reconcile` | `SCHEDULER_IDENTITY` | compares the store with the Procurement API, a part at a time |

use callers::expect_bearer;
use function_runtime::{Rejection, Request, Response, problem};
use http::Method;
use http::request::Parts;

use crate::error::{Error, EventsFault};
use crate::handler::Handler;

/// Largest body of a push. Pub/Sub's largest message has 10 MB, and base64 makes it a third larger:
/// one that is too large for us would be delivered again and again.
const LARGEST_PUSH: usize = 15 * 1024 * 1024;

/// Largest body of a route that has no use for one.
const LARGEST_UNUSED_BODY: usize = 1_024;

impl function_runtime::Handler for Handler {
    type Error = Error;

    fn before_body(&self, head: &Parts) -> Result<(), Error> {
        match (head.uri.path(), &head.method) {
            ("/events" | "/reconcile", &Method::POST) => {
                expect_bearer(head).map_err(|error| EventsFault::from(error).into())
            }
            _ => Ok(()),
        }
    }

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.path(), &request.method) {
            ("/events", &Method::POST) => Box::pin(self.receive_event(request)).await,
            ("/reconcile", &Method::POST) => Box::pin(self.reconcile(request)).await,
            ("/events" | "/reconcile", _) => Err(EventsFault::Method("POST").into()),
            _ => Err(EventsFault::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(
            self.push.warm_up(),
            self.store.warm_up(),
            self.lifecycle.warm_up(),
        );
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        problem(rejection)
    }

    fn body_limit(&self, path: &str) -> usize {
        match path {
            "/events" => LARGEST_PUSH,
            _ => LARGEST_UNUSED_BODY,
        }
    }
}
