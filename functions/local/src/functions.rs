//! Every function behind one listener, told apart by path.
//!
//! | path | function |
//! |---|---|
//! | `/signup`, `/signup/…` | `signup` |
//! | `/` | none: leads to the Marketplace, where every visit starts |

use function_runtime::{Failure, Handler, Rejection, Request, Response, problem, redirect_303};
use marketplace::ProcurementAccountId;

/// All functions.
pub struct Functions {
    pub(crate) signup: signup::Handler,
    pub(crate) marketplace: String,
}

/// A function's error, or none's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Of sign-up.
    #[error(transparent)]
    Signup(#[from] signup::Error),
    /// No function has this path.
    #[error("no function has this path")]
    NoFunction,
}

/// Which function a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belongs {
    ToSignup,
    ToNone,
}

impl Belongs {
    fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("signup") => Self::ToSignup,
            _ => Self::ToNone,
        }
    }
}

impl Handler for Functions {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        if request.path() == "/" {
            return Ok(redirect_303(&self.marketplace));
        }
        match Belongs::of(request.path()) {
            Belongs::ToSignup => Ok(self.signup.handle(request).await?),
            Belongs::ToNone => Err(Error::NoFunction),
        }
    }

    fn render(&self, rejection: &Rejection, path: &str) -> Response {
        match Belongs::of(path) {
            Belongs::ToSignup => self.signup.render(rejection, path),
            Belongs::ToNone => problem(rejection),
        }
    }

    fn body_limit(&self, path: &str) -> usize {
        // What belongs to none has no use for a body.
        match Belongs::of(path) {
            Belongs::ToSignup | Belongs::ToNone => self.signup.body_limit(path),
        }
    }
}

impl Functions {
    /// Connects every function to what it talks to.
    pub(crate) async fn warm_up(&self) {
        self.signup.warm_up().await;
    }
}

impl Failure for Error {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Signup(error) => error.rejection(),
            Self::NoFunction => Rejection::not_found(),
        }
    }

    fn account(&self) -> Option<&ProcurementAccountId> {
        match self {
            Self::Signup(error) => error.account(),
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
            ("/signup", Belongs::ToSignup),
            ("/signup/register", Belongs::ToSignup),
            ("/signups", Belongs::ToNone),
            ("/", Belongs::ToNone),
            ("", Belongs::ToNone),
            ("//signup", Belongs::ToNone),
        ] {
            assert_eq!(Belongs::of(path), belongs, "{path}");
        }
    }
}
