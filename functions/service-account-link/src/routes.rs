//! Routes.
//!
//! | route | who may call | does |
//! |---|---|---|
//! | `POST /service-account-links` | `CALLERS` | answers a link to Google's page for the customer's service account |

use callers::expect_bearer;
use function_runtime::{Rejection, Request, Response, problem};
use http::Method;
use http::request::Parts;

use crate::error::{Error, LinkFault};
use crate::handler::Handler;
use crate::problem_texts::{PERMISSION_MISSING, QUOTA_EXHAUSTED};

impl function_runtime::Handler for Handler {
    type Error = Error;

    fn before_body(&self, head: &Parts) -> Result<(), Error> {
        match (head.uri.path(), &head.method) {
            ("/service-account-links", &Method::POST) => {
                expect_bearer(head).map_err(|error| LinkFault::from(error).into())
            }
            _ => Ok(()),
        }
    }

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.path(), &request.method) {
            ("/service-account-links", &Method::POST) => Box::pin(self.link(&request)).await,
            ("/service-account-links", _) => Err(LinkFault::Method.into()),
            _ => Err(LinkFault::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(self.callers.warm_up(), self.store.warm_up());
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        match rejection.code {
            // An operator has to look at the project.
            PERMISSION_MISSING | QUOTA_EXHAUSTED => {
                let rejection = rejection.clone();
                problem(&rejection.with_member("project", self.naming.project()))
            }
            _ => problem(rejection),
        }
    }
}
