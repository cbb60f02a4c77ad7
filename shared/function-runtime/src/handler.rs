//! What a function gives to the server.

use std::error;
use std::future::Future;

use http::request::Parts;
use marketplace::ProcurementAccountId;

use crate::{Error, Rejection, Request, Response};

/// A function as the server sees it: requests in, answers or errors out.
///
/// A handler neither renders nor logs its errors; [`serve`](crate::serve()) does both, once. Routing
/// is one `match (request.method, request.path())` in [`handle`](Self::handle).
pub trait Handler: Send + Sync + 'static {
    /// Why this function did not give the answer that was asked for.
    type Error: Failure;

    /// Looks at a request before its body is read, and refuses what no body can make good, such as a
    /// program that shows no identity. By default everything passes.
    ///
    /// The server then answers at once and closes the connection.
    fn before_body(&self, _head: &Parts) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Answers one request.
    ///
    /// It runs to its end even if the client goes away, so that what was stored is not left half
    /// done, and is cut off shortly after `request.deadline`.
    fn handle(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response, Self::Error>> + Send;

    /// Turns a rejection into what the caller of `path` understands: a page for a person,
    /// [`problem`](crate::problem) for a program.
    ///
    /// The server itself sets the status, `Retry-After` and `Allow`.
    fn render(&self, rejection: &Rejection, path: &str) -> Response;

    /// Connects to everything it talks to, all at the same time, so that the first request need not
    /// wait for one after the other. By default there is nothing.
    fn warm_up(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// How many bytes a request to `path` may carry. By default 16 KiB: more than any form or document but one with a large token.
    fn body_limit(&self, _path: &str) -> usize {
        16 * 1024
    }
}

/// An error that knows its answer.
pub trait Failure: error::Error + Send + Sync + 'static {
    /// What the caller reads; everything else about the error is for the log only.
    fn rejection(&self) -> Rejection;

    /// The account it happened to, for the log.
    fn account(&self) -> Option<&ProcurementAccountId> {
        None
    }

    /// The same, of which it is known to whose account it happened.
    fn about(self, account: &ProcurementAccountId) -> Error<Self>
    where
        Self: Sized,
    {
        Error {
            kind: self,
            account: Some(account.clone()),
        }
    }
}
