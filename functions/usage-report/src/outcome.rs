//! The outcome of a request, as its log line names it.

use function_runtime::{Outcome, Response};

pub(crate) fn with(mut response: Response, name: &'static str) -> Response {
    let account = None;
    response.extensions_mut().insert(Outcome { name, account });
    response
}
