//! How the metadata server says no: to people, in HTML.

use http::StatusCode;

use super::FLAVOR;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;

/// The answer to a request that the metadata server does not take.
pub(crate) fn refused(error: &GoogleError) -> HostAnswer {
    let status = StatusCode::from_u16(error.code).unwrap_or_default();
    let text = match status {
        StatusCode::FORBIDDEN => {
            "<p>Your client does not have permission to get this URL from this server. \
             Missing Metadata-Flavor:Google header.\n"
        }
        StatusCode::NOT_FOUND => "<p>The requested URL was not found on this server.\n",
        _ => error.message.as_str(),
    };
    let summary = format!("{}: {}", error.status, error.message);
    let mut answer = HostAnswer::ok("text/html; charset=UTF-8", text.to_owned(), summary);
    answer.status = status;
    answer.with_header(FLAVOR, "Google")
}
