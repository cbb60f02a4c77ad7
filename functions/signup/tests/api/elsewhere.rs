//! Orders that Google lists for an account, and that are stored under another one: Google has moved them.

use function_tests::records::{earlier, entitlement};
use function_tests::visited::soon;
use marketplace::{EntitlementState, ProcurementAccountId};
use store::{Approval, Commit, Entitlement};

use crate::function::Setup;

async fn signs_up(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let bought = function.simulator.entitlement(&order.entitlement).unwrap();
    let stored = Entitlement {
        account: ProcurementAccountId::parse("another-account").unwrap(),
        state: EntitlementState::Active,
        ..entitlement(bought, earlier())
    };
    function.stored(Commit::new().create(&stored)).await;
    let page = function.browser().arrive(&order).await;
    let claims = function.claims(&page).await;
    assert_eq!(function.outcome(), "signed-up");
    // It counts here once it is stored here, and that is not for a visit to do.
    assert_eq!(claims["access"], "pending");
    let kept = function.store.entitlement(&order.entitlement, soon()).await;
    assert_eq!(kept.unwrap().unwrap().record, stored);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.approval, Approval::Approved);
}

pub(crate) async fn an_order_that_is_stored_under_another_account_keeps_nobody_from_signing_up(
    setup: Setup,
) {
    signs_up(setup).await;
}

pub(crate) async fn nor_does_one_that_the_token_names(setup: Setup) {
    signs_up(setup.with_orders()).await;
}
