//! The routes.
//!
//! | route | who may call | what it does |
//! |---|---|---|
//! | `POST /usage` | `CALLERS` | stores records of usage, each once |
//! | `POST /report` | `SCHEDULER_IDENTITY` | closes windows and reports them to Google, a part in each call |

use callers::expect_bearer;
use function_runtime::{Rejection, Request, Response, problem};
use http::Method;
use http::request::Parts;

use crate::error::{Error, UsageFault};
use crate::handler::Handler;

/// The largest body of `/usage`.
const LARGEST_USAGE: usize = 4 * 1024 * 1024;

/// The largest body of any other path. None of them needs one.
const LARGEST_OTHER: usize = 1_024;

impl function_runtime::Handler for Handler {
    type Error = Error;

    fn before_body(&self, head: &Parts) -> Result<(), Error> {
        match (head.uri.path(), &head.method) {
            ("/usage" | "/report", &Method::POST) => {
                expect_bearer(head).map_err(|error| UsageFault::from(error).into())
            }
            _ => Ok(()),
        }
    }

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.path(), &request.method) {
            ("/usage", &Method::POST) => Box::pin(self.post_usage(&request)).await,
            ("/report", &Method::POST) => Box::pin(self.post_report(&request)).await,
            ("/usage" | "/report", _) => Err(UsageFault::Method.into()),
            _ => Err(UsageFault::NotFound.into()),
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
            "/usage" => LARGEST_USAGE,
            _ => LARGEST_OTHER,
        }
    }
}
