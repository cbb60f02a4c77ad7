//! What the application shows where nothing was used.

use function_runtime::Response;
use http::StatusCode;

use crate::simulator::Simulator;

use super::message_page::message;

/// What somebody wanted to use is not to be used now; a page of before may have offered it.
pub(super) fn not_served(simulator: &Simulator) -> Response {
    message(
        simulator,
        StatusCode::CONFLICT,
        "This cannot be used now",
        "The order is not in force, or Google cannot bill it. Nothing was used.",
    )
}

pub(super) fn no_number(simulator: &Simulator) -> Response {
    message(
        simulator,
        StatusCode::BAD_REQUEST,
        "How much is that?",
        "A quantity is a number, such as 3 or 2.5. Nothing was used.",
    )
}
