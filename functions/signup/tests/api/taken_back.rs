//! Known customers whose account Google has taken back to before its sign-up, and who bought again.

use function_tests::records::{account, earlier, entitlement, link};
use marketplace_simulator::{Fault, Matcher, Order};
use store::{Approval, Commit};

use crate::function::{Setup, TestFunction};

/// A customer whose account is stored as approved and waits at Google, with two orders that wait.
async fn taken_back(function: &TestFunction) -> [Order; 2] {
    let order = function.buyer();
    let again = function.simulator.buy_again(&order.account);
    let known = Commit::new()
        .create(account(&order, Approval::Approved, earlier()))
        .create(link(&order, earlier()));
    let orders = [&order, &again].map(|order| {
        let bought = function.simulator.entitlement(&order.entitlement).unwrap();
        entitlement(bought, earlier())
    });
    let known = orders.iter().fold(known, Commit::create);
    function.stored(known).await;
    [order, again]
}

/// How often the account was approved, and each of the orders.
fn approved(function: &TestFunction, orders: &[Order; 2]) -> (u32, [u32; 2]) {
    let simulator = &function.simulator;
    let account = simulator.account(&orders[0].account).unwrap();
    let orders = orders.each_ref().map(|order| {
        let order = simulator.entitlement(&order.entitlement).unwrap();
        order.times_approved
    });
    (account.times_approved, orders)
}

pub(crate) async fn an_account_whose_approval_google_took_back_is_approved_with_its_orders(
    setup: Setup,
) {
    let function = setup.start().await;
    let orders = taken_back(&function).await;
    let page = function.browser().arrive(&orders[0]).await;
    function.claims(&page).await;
    assert_eq!(function.outcome(), "handed-over");
    assert_eq!(approved(&function, &orders), (1, [1, 1]));
}

pub(crate) async fn one_order_that_google_refuses_does_not_keep_the_others_from_theirs(
    setup: Setup,
) {
    let function = setup.start().await;
    for refused in [0, 1] {
        let orders = taken_back(&function).await;
        let id = &orders[refused].entitlement;
        let approval = Matcher::procurement().path(&format!("{id}:approve"));
        let faults = function.simulator.faults();
        faults.always(approval, Fault::status(400));
        let page = function.browser().arrive(&orders[0]).await;
        assert_eq!(page.status, 200);
        let mut expected = [1, 1];
        expected[refused] = 0;
        assert_eq!(approved(&function, &orders), (1, expected));
        faults.clear();
    }
}

pub(crate) async fn an_account_that_an_operator_rejected_since_is_not_approved_again(setup: Setup) {
    let function = setup.start().await;
    let orders = taken_back(&function).await;
    let account = &orders[0].account;
    function.simulator.reject_account(account).unwrap();
    let page = function.browser().arrive(&orders[0]).await;
    // What is stored follows with the event.
    assert_eq!(page.status, 200);
    assert_eq!(approved(&function, &orders), (0, [0, 0]));
}
