//! One request for one customer's link.

use function_runtime::Request;
use http::header::CACHE_CONTROL;
use marketplace::{At, ProcurementAccountId, UserIdentity};

use crate::body::LinkBody;

/// Who the link is for, and how much is checked first.
#[derive(Clone, Copy)]
pub(crate) struct LinkRequest<'a> {
    pub(crate) account: &'a ProcurementAccountId,
    pub(crate) user: &'a UserIdentity,
    /// Whether Google is asked that the service account still is as it was stored. The usual request asks nobody.
    pub(crate) ask_google: bool,
    pub(crate) at: At,
}

impl<'a> LinkRequest<'a> {
    pub(crate) fn new(body: &'a LinkBody, request: &Request) -> Self {
        Self {
            account: &body.account,
            user: &body.user,
            ask_google: is_no_cache(request),
            at: request.at(),
        }
    }
}

/// `Cache-Control: no-cache` asks any server not to answer from what it has stored (RFC 9111, 5.2.1.4).
fn is_no_cache(request: &Request) -> bool {
    let directives = request.header(CACHE_CONTROL.as_str()).unwrap_or_default();
    directives
        .split(',')
        .any(|directive| directive.trim().eq_ignore_ascii_case("no-cache"))
}
