//! No access token, or no signature.

use std::convert::identity;

use function_tests::signing_faults::signing_fails_by;
use marketplace_simulator::{Fault, Matcher};

use crate::function::TestFunction;

// Nothing is recorded.
function_tests::signing_fault_tests!(TestFunction, identity);

#[tokio::test]
async fn without_an_access_token_nothing_is_recorded() {
    for fault in [Fault::status(404), Fault::status(500), Fault::cut()] {
        signing_fails_by::<TestFunction>(Matcher::access_token(), fault, identity).await;
    }
}
