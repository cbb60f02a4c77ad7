//! Every function behind one listener, told apart by path.
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
//! The time that a request brings is moved to that of the simulated world, where an hour passes when
//! somebody presses a button. No function knows of it: the time is a value that it is given.

use function_runtime::{Failure, Handler, Rejection, Request, Response, problem, redirect_303};
use marketplace::ProcurementAccountId;
use marketplace_simulator::Clock;

/// All functions.
pub struct Functions {
    pub(crate) signup: signup::Handler,
    pub(crate) login: sso_login::Handler,
    pub(crate) links: service_account_link::Handler,
    pub(crate) events: procurement_events::Handler,
    pub(crate) usage: usage_report::Handler,
    pub(crate) clock: Clock,
    pub(crate) marketplace: String,
}

/// A function's error, or none's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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

/// Which function a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belongs {
    Signup,
    Login,
    Links,
    Events,
    Usage,
    None,
}

impl Belongs {
    fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("signup") => Self::Signup,
            Some("login") => Self::Login,
            Some("service-account-links") => Self::Links,
            Some("events" | "reconcile") => Self::Events,
            Some("usage" | "report") => Self::Usage,
            _ => Self::None,
        }
    }
}

impl Handler for Functions {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let request = Request {
            now: self.clock.at(request.now),
            ..request
        };
        if request.path() == "/" {
            return Ok(redirect_303(&self.marketplace));
        }
        match Belongs::of(request.path()) {
            Belongs::Signup => Ok(self.signup.handle(request).await?),
            Belongs::Login => Ok(self.login.handle(request).await?),
            Belongs::Links => Ok(self.links.handle(request).await?),
            Belongs::Events => Ok(self.events.handle(request).await?),
            Belongs::Usage => Ok(self.usage.handle(request).await?),
            Belongs::None => Err(Error::NoFunction),
        }
    }

    fn render(&self, rejection: &Rejection, path: &str) -> Response {
        match Belongs::of(path) {
            Belongs::Signup => self.signup.render(rejection, path),
            Belongs::Login => self.login.render(rejection, path),
            Belongs::Links => self.links.render(rejection, path),
            Belongs::Events => self.events.render(rejection, path),
            Belongs::Usage => self.usage.render(rejection, path),
            Belongs::None => problem(rejection),
        }
    }

    fn body_limit(&self, path: &str) -> usize {
        match Belongs::of(path) {
            Belongs::Events => self.events.body_limit(path),
            Belongs::Usage => self.usage.body_limit(path),
            Belongs::Login => self.login.body_limit(path),
            Belongs::Links => self.links.body_limit(path),
            // What belongs to none has no use for a body.
            Belongs::Signup | Belongs::None => self.signup.body_limit(path),
        }
    }
}

impl Functions {
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

impl Failure for Error {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Signup(error) => error.rejection(),
            Self::Login(error) => error.rejection(),
            Self::Links(error) => error.rejection(),
            Self::Events(error) => error.rejection(),
            Self::Usage(error) => error.rejection(),
            Self::NoFunction => Rejection::not_found(),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::Signup(error) => error.account(),
            Self::Login(error) => error.account(),
            Self::Links(error) => error.account(),
            Self::Events(error) => error.account(),
            Self::Usage(error) => error.account(),
            Self::NoFunction => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_function_of_its_first_segment() {
        for (path, belongs) in [
            ("/signup", Belongs::Signup),
            ("/signup/register", Belongs::Signup),
            ("/signups", Belongs::None),
            ("/login", Belongs::Login),
            ("/login/orders", Belongs::Login),
            ("/logins", Belongs::None),
            ("/service-account-links", Belongs::Links),
            ("/service-account-link", Belongs::None),
            ("/events", Belongs::Events),
            ("/reconcile", Belongs::Events),
            ("/usage", Belongs::Usage),
            ("/report", Belongs::Usage),
            ("/usages", Belongs::None),
            ("/", Belongs::None),
            ("", Belongs::None),
            ("//signup", Belongs::None),
        ] {
            assert_eq!(Belongs::of(path), belongs, "{path}");
        }
    }
}
