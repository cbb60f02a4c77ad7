//! Routes.
//!
//! | route | does |
//! |---|---|
//! | `POST /signup` | the Marketplace's form post: verifies the token; then the steps, or the hand-off |
//! | `GET /signup` | explains where a sign-up starts |
//! | `GET /signup/register` | the registration form of a landing |
//! | `POST /signup/register` | takes the form; then the hand-off |
//! | `GET /signup/callback` | back from Google sign-in; then the form, or the hand-off |
//! | `GET /signup/sign-in` | to Google, with the account chooser: another try |
//!
//! `/signup/` is `/signup`: a slash too many in Producer Portal would turn every customer away.

use customer_entry::{EntryFault, FORM_LIMIT};
use function_runtime::{Rejection, Request, Response};
use http::Method;

use crate::handler::Handler;
use crate::paths;
use crate::sign_up_fault::{Error, SignUpFault};

impl function_runtime::Handler for Handler {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let get = matches!(request.method, Method::GET | Method::HEAD);
        match (request.path(), &request.method) {
            (paths::SIGN_UP | paths::SIGN_UP_AND_SLASH, &Method::POST) => {
                self.arrive(request).await
            }
            (paths::SIGN_UP | paths::SIGN_UP_AND_SLASH, _) if get => Ok(self.explain()),
            (paths::REGISTER, &Method::POST) => self.take_form(request).await,
            (paths::REGISTER, _) if get => self.show_form(request).await,
            (paths::SIGN_UP | paths::SIGN_UP_AND_SLASH | paths::REGISTER, _) => {
                Err(SignUpFault::from(EntryFault::Method("GET, HEAD, POST")).into())
            }
            (paths::CALLBACK | paths::SIGN_IN_AGAIN, _) => self.sign_in(request).await,
            _ => Err(SignUpFault::from(EntryFault::NotFound).into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(self.entrance.warm_up(), self.approvals.warm_up());
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        self.entrance.rejection_page(rejection)
    }

    fn body_limit(&self, _path: &str) -> usize {
        FORM_LIMIT
    }
}
