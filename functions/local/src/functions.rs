//! Every function behind one listener, chosen by path.
//!
//! | path | function |
//! |---|---|
//! | `/signup`, `/signup/…` | `signup` |
//! | `/login`, `/login/…` | `sso-login` |
//! | `/service-account-links` | `service-account-link` |
//! | `/events`, `/reconcile` | `procurement-events` |
//! | `/usage`, `/report` | `usage-report` |
//! | `/` | none: leads to the Marketplace, where every visit starts |
//!
//! The time of each request is moved to that of the simulated clock, which a button of the page can advance. The
//! functions need nothing for it: time is a value of the request. An application of the developer's own knows nothing
//! of it either: what it sends is moved, too, and the hand-offs that it gets are moved back.

use function_runtime::{Failure, Handler, Rejection, Request, Response, problem, redirect_303};
use http::request::Parts;
use marketplace::ProcurementAccountId;
use marketplace_simulator::Clock;

use crate::application_time::ApplicationTime;

/// All functions.
pub struct Functions {
    pub(crate) signup: signup::Handler,
    pub(crate) login: sso_login::Handler,
    pub(crate) links: service_account_link::Handler,
    pub(crate) events: procurement_events::Handler,
    pub(crate) usage: usage_report::Handler,
    pub(crate) clock: Clock,
    pub(crate) marketplace: String,
    /// Given where the application lives by this machine's clock.
    pub(crate) application_time: Option<ApplicationTime>,
}

/// An error of a function, or a path without a function.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// Of sign-up.
    #[error(transparent)]
    Signup(#[from] signup::Error),
    /// Of login.
    #[error(transparent)]
    Login(#[from] sso_login::Error),
    /// Of service account links.
    #[error(transparent)]
    Links(#[from] service_account_link::Error),
    /// Of procurement events.
    #[error(transparent)]
    Events(#[from] procurement_events::Error),
    /// Of usage.
    #[error(transparent)]
    Usage(#[from] usage_report::Error),
    /// No function has this path.
    #[error("no function has this path")]
    NoFunction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Signup,
    Login,
    Links,
    Events,
    Usage,
    NoFunction,
}

impl Route {
    fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("signup") => Self::Signup,
            Some("login") => Self::Login,
            Some("service-account-links") => Self::Links,
            Some("events" | "reconcile") => Self::Events,
            Some("usage" | "report") => Self::Usage,
            _ => Self::NoFunction,
        }
    }
}

impl Handler for Functions {
    type Error = FunctionError;

    fn before_body(&self, head: &Parts) -> Result<(), FunctionError> {
        match Route::of(head.uri.path()) {
            Route::Signup => self.signup.before_body(head)?,
            Route::Login => self.login.before_body(head)?,
            Route::Links => self.links.before_body(head)?,
            Route::Events => self.events.before_body(head)?,
            Route::Usage => self.usage.before_body(head)?,
            Route::NoFunction => {}
        }
        Ok(())
    }

    async fn handle(&self, mut request: Request) -> Result<Response, FunctionError> {
        let is_application_s = matches!(request.path(), "/usage" | "/service-account-links");
        let moves = self.application_time.as_ref();
        if let Some(time) = moves.filter(|_| is_application_s) {
            time.simulate(&mut request);
        }
        let request = Request {
            now: self.clock.at(request.now),
            ..request
        };
        if request.path() == "/" {
            return Ok(redirect_303(&self.marketplace));
        }
        match Route::of(request.path()) {
            Route::Signup => {
                let page = self.signup.handle(request).await?;
                Ok(self.move_hand_off(page).await)
            }
            Route::Login => {
                let page = self.login.handle(request).await?;
                Ok(self.move_hand_off(page).await)
            }
            Route::Links => Ok(self.links.handle(request).await?),
            Route::Events => Ok(self.events.handle(request).await?),
            Route::Usage => Ok(self.usage.handle(request).await?),
            Route::NoFunction => Err(FunctionError::NoFunction),
        }
    }

    fn render(&self, rejection: &Rejection, path: &str) -> Response {
        match Route::of(path) {
            Route::Signup => self.signup.render(rejection, path),
            Route::Login => self.login.render(rejection, path),
            Route::Links => self.links.render(rejection, path),
            Route::Events => self.events.render(rejection, path),
            Route::Usage => self.usage.render(rejection, path),
            Route::NoFunction => problem(rejection),
        }
    }

    fn body_limit(&self, path: &str) -> usize {
        match Route::of(path) {
            Route::Events => self.events.body_limit(path),
            Route::Usage => self.usage.body_limit(path),
            Route::Login => self.login.body_limit(path),
            Route::Links => self.links.body_limit(path),
            // A path without a function needs no body.
            Route::Signup | Route::NoFunction => self.signup.body_limit(path),
        }
    }
}

impl Functions {
    /// What a customer is answered, with the hand-off as the application expects it.
    async fn move_hand_off(&self, page: Response) -> Response {
        match &self.application_time {
            Some(time) => time.move_hand_off(page).await,
            None => page,
        }
    }

    /// Connects every function to what it talks to.
    pub(crate) async fn warm_up(&self) {
        tokio::join!(
            self.signup.warm_up(),
            self.login.warm_up(),
            self.links.warm_up(),
            self.events.warm_up(),
            self.usage.warm_up(),
        );
    }
}

impl Failure for FunctionError {
    fn rejection(&self) -> Rejection {
        match self.failure() {
            Some(failure) => failure.rejection(),
            None => Rejection::not_found(),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        self.failure()?.account()
    }
}

impl FunctionError {
    /// The error of the function; none if there is no function.
    fn failure(&self) -> Option<&dyn Failure> {
        let failure: &dyn Failure = match self {
            Self::Signup(error) => error,
            Self::Login(error) => error,
            Self::Links(error) => error,
            Self::Events(error) => error,
            Self::Usage(error) => error,
            Self::NoFunction => return None,
        };
        Some(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_function_of_its_first_segment() {
        for (path, belongs) in [
            ("/signup", Route::Signup),
            ("/signup/register", Route::Signup),
            ("/signups", Route::NoFunction),
            ("/login", Route::Login),
            ("/login/orders", Route::Login),
            ("/logins", Route::NoFunction),
            ("/service-account-links", Route::Links),
            ("/service-account-link", Route::NoFunction),
            ("/events", Route::Events),
            ("/reconcile", Route::Events),
            ("/usage", Route::Usage),
            ("/report", Route::Usage),
            ("/usages", Route::NoFunction),
            ("/", Route::NoFunction),
            ("", Route::NoFunction),
            ("//signup", Route::NoFunction),
        ] {
            assert_eq!(Route::of(path), belongs, "{path}");
        }
    }
}
