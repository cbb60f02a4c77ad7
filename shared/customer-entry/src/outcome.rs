//! How a request came out, for the log.

use function_runtime::{Outcome, Response};
use marketplace::ProcurementAccountId;

/// The answer, with its `outcome` for the log and the account it is about, if there is one.
pub fn with_outcome<'a>(
    mut response: Response,
    name: &'static str,
    account: impl Into<Option<&'a ProcurementAccountId>>,
) -> Response {
    let account = account.into().cloned();
    response.extensions_mut().insert(Outcome { name, account });
    response
}
