//! Routes.
//!
//! | route | does |
//! |---|---|
//! | `POST /login` | the Marketplace's form post: verifies the token; then the steps, or the hand-off |
//! | `GET /login` | a login without SSO: on to the application's own login |
//! | `GET /login/callback` | the browser comes back from Google sign-in; then the choice, or the hand-off |
//! | `GET /login/sign-in` | Google sign-in once more, with the account chooser |
//! | `GET /login/orders` | lists the orders of a customer who has several |
//! | `POST /login/orders` | takes the choice; then the hand-off |
//!
//! `/login/` is `/login`: a slash too many in Producer Portal would turn every customer away.

use customer_entry::{EntryFault, Error, FORM_LIMIT};
use function_runtime::{Rejection, Request, Response};
use http::Method;

use crate::handler::Handler;
use crate::paths;

impl function_runtime::Handler for Handler {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let get = matches!(request.method, Method::GET | Method::HEAD);
        match (request.path(), &request.method) {
            (paths::LOGIN | paths::LOGIN_AND_SLASH, &Method::POST) => self.arrive(request).await,
            (paths::LOGIN | paths::LOGIN_AND_SLASH, _) if get => Ok(self.without_sso()),
            (paths::ORDERS, &Method::POST) => self.take_order(request).await,
            (paths::ORDERS, _) if get => self.show_orders(request).await,
            (paths::LOGIN | paths::LOGIN_AND_SLASH | paths::ORDERS, _) => {
                Err(EntryFault::Method("GET, HEAD, POST").into())
            }
            (paths::CALLBACK | paths::SIGN_IN_AGAIN, _) => self.sign_in(request).await,
            _ => Err(EntryFault::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        self.entrance.warm_up().await;
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        self.entrance.rejection_page(rejection)
    }

    fn body_limit(&self, _path: &str) -> usize {
        FORM_LIMIT
    }
}
