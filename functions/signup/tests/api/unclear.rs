//! Accounts that Google reports without approvals: nothing passes by itself.

use function_tests::environment::SUPPORT;
use function_tests::refused::Refused;
use http::Method;
use marketplace_simulator::Matcher;

use crate::form::another_token;
use crate::function::{Left, Setup, TestFunction};

const UNCLEAR: Refused = Refused::new(
    403,
    "approval-unclear",
    "the account is recorded, and Google does not take its approval",
);

async fn without_approvals(setup: Setup) -> (TestFunction, marketplace_simulator::Order) {
    let (function, order) = setup.start_with_customer().await;
    let forgotten = function.simulator.forget_approvals(&order.account);
    forgotten.unwrap();
    (function, order)
}

pub(crate) async fn an_account_that_google_reports_without_approvals_is_approved_once_a_visit(
    setup: Setup,
) {
    let (function, order) = without_approvals(setup).await;
    let approval = Matcher::procurement()
        .method(Method::POST)
        .path("/accounts/");
    let tokens = [
        function.buyers_token(&order),
        another_token(&function, &order),
    ];
    for (visits, token) in (1..).zip(tokens) {
        let page = function.browser().land(&token).await;
        UNCLEAR.check(&function, &page, Some(&order));
        assert_eq!(function.simulator.calls().count(&approval), visits);
        assert_eq!(function.left(&order.account).await, Left::INTENT);
    }
}

pub(crate) async fn the_page_of_such_an_account_promises_no_time_and_says_whom_to_ask(
    setup: Setup,
) {
    let (function, order) = without_approvals(setup).await;
    let page = function.browser().arrive(&order).await;
    UNCLEAR.check(&function, &page, Some(&order));
    for promise in ["minute", "moment", "hour", "reload"] {
        assert!(!page.body.contains(promise), "{promise}: {}", page.body);
    }
    assert!(page.body.contains("We have been notified"));
    assert!(page.body.contains(&format!("href=\"{SUPPORT}\"")));
    let lines = function.log.lines();
    let mut errors = lines.iter().filter(|line| line["severity"] == "ERROR");
    let error = errors.next().unwrap();
    assert_eq!(error["accountId"], order.account.as_str());
    let says = error["message"].as_str().unwrap();
    assert!(says.contains("operator waiting"), "{says}");
    assert_eq!(errors.next(), None);
}
