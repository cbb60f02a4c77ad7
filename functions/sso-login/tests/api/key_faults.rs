//! The Marketplace's keys cannot be had.

use std::time::Duration;

use function_tests::refused::Refused;
use marketplace_simulator::{Fault, Matcher};

use crate::function::Setup;

const UNAVAILABLE: Refused = Refused::new(
    503,
    "verification-unavailable",
    "the token was not accepted: ",
)
.retry_after("5");

#[tokio::test]
async fn keys_that_cannot_be_had_are_a_503_and_the_token_is_good_afterwards() {
    for fault in [
        Fault::status(404),
        Fault::status(500),
        Fault::cut(),
        Fault::garbage(),
        Fault::hang(),
    ] {
        let setup = Setup::memory().within(Duration::from_secs(1));
        let (function, order) = setup.start_with_customer().await;
        let before = function.left(&order.account).await;
        let token = function.buyers_token(&order);
        let faults = function.simulator.faults();
        faults.always(Matcher::marketplace_keys(), fault);
        let page = function.browser().land(&token).await;
        UNAVAILABLE.check(&function, &page, None);
        assert_eq!(function.left(&order.account).await, before);
        faults.clear();
        // This instance waits a second before it asks again; another one knows of no outage.
        let other = Setup::beside(&function).start().await;
        other.claims(&other.browser().land(&token).await).await;
    }
}
