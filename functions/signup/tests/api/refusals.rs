//! Customers who may not be linked.

use function_tests::records::{self, earlier};
use function_tests::refused::Refused;
use jiff::{SignedDuration, Timestamp};
use marketplace::{ProcurementAccountId, Role};
use marketplace_simulator::{Matcher, Order};
use store::{Account, Approval, Commit};

use crate::function::{Left, Setup, TestFunction};

pub(crate) const REJECTED: Refused =
    Refused::new(403, "account-rejected", "the account was rejected");

pub(crate) const CLOSED: Refused = Refused::new(403, "account-deleted", "the account was closed");

/// The account of this order's customer, as it was stored long ago.
pub(crate) fn account(order: &Order, approval: Approval, deleted: Option<Timestamp>) -> Account {
    Account {
        company: Some("Before".to_owned()),
        erased: deleted,
        ..records::account(order, approval, earlier())
    }
}

pub(crate) async fn store(function: &TestFunction, account: &Account) {
    function.stored(Commit::new().create(account)).await;
}

pub(crate) async fn an_account_rejected_at_google_stays_rejected(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    function.simulator.reject_account(&order.account).unwrap();
    let token = function.buyers_token(&order);
    let browser = function.browser();
    let page = browser.land(&token).await;
    REJECTED.check(&function, &page, Some(&order));
    let left = Left {
        approval: Some(Approval::Rejected),
        ..Left::INTENT
    };
    assert_eq!(function.left(&order.account).await, left);

    // From then on the store knows, and nobody is asked.
    let calls = function.simulator.calls().count(&Matcher::procurement());
    let again = browser.land(&token).await;
    REJECTED.check(&function, &again, Some(&order));
    let asked = function.simulator.calls().count(&Matcher::procurement());
    assert_eq!(asked, calls);
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn an_account_rejected_in_the_store_changes_nothing(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    store(&function, &account(&order, Approval::Rejected, None)).await;
    let page = function.browser().arrive(&order).await;
    REJECTED.check(&function, &page, Some(&order));
    let left = Left {
        approval: Some(Approval::Rejected),
        ..Left::NOTHING
    };
    assert_eq!(function.left(&order.account).await, left);
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
    assert_eq!(function.simulator.calls().count(&Matcher::sign_jwt()), 0);
}

pub(crate) async fn an_account_rejected_after_a_hand_off_gets_no_second_one(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let token = function.buyers_token(&order);
    assert_eq!(function.browser().land(&token).await.status, 200);
    let reject = |account: &mut Account| account.approval = Approval::Rejected;
    function.change_account(&order.account, reject).await;
    let page = function.browser().land(&token).await;
    REJECTED.check(&function, &page, Some(&order));
}

pub(crate) async fn a_token_older_than_the_accounts_deletion_is_refused(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let later = Timestamp::now() + SignedDuration::from_secs(5);
    store(&function, &account(&order, Approval::Approved, Some(later))).await;
    let page = function.browser().arrive(&order).await;
    CLOSED.check(&function, &page, Some(&order));
    let left = Left {
        approval: Some(Approval::Approved),
        ..Left::NOTHING
    };
    assert_eq!(function.left(&order.account).await, left);
}

pub(crate) async fn a_token_newer_than_the_accounts_deletion_begins_again(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let before = Timestamp::now() - SignedDuration::from_mins(1);
    store(
        &function,
        &account(&order, Approval::Approved, Some(before)),
    )
    .await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(function.claims(&page).await["new_user"], true);
    assert_eq!(function.left(&order.account).await, Left::SIGNED_UP);
    let account = function.account(&order.account).await.unwrap();
    assert_eq!(account.erased, None);
}

pub(crate) async fn a_token_without_a_user_links_nobody(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let nobody = Refused::new(403, "no-user", "the token names no user");
    let claims = function.simulator.token_claims(&order.account, &order.user);
    for claims in [
        claims.clone().without_google("user_identity"),
        claims.set_google("user_identity", ""),
    ] {
        let token = function.simulator.sign(&claims);
        let page = function.browser().land(&token).await;
        nobody.check(&function, &page, Some(&order));
    }
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
}

pub(crate) async fn a_token_without_an_accepted_role_links_nobody(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let role = Refused::new(403, "role-not-accepted", "the token has no accepted role");
    let claims = function.simulator.token_claims(&order.account, &order.user);
    for claims in [
        claims.clone().set_google("roles", vec!["project_viewer"]),
        claims
            .clone()
            .set_google("roles", vec!["Account_Admin", "x"]),
        claims.clone().set_google("roles", Vec::<String>::new()),
        claims.without_google("roles"),
    ] {
        let token = function.simulator.sign(&claims);
        let page = function.browser().land(&token).await;
        role.check(&function, &page, Some(&order));
    }
    assert_eq!(function.left(&order.account).await, Left::NOTHING);
    assert_eq!(function.simulator.calls().count(&Matcher::procurement()), 0);
}

pub(crate) async fn the_accepted_roles_are_configured(setup: Setup) {
    let (function, order) = setup
        .with("ACCEPTED_ROLES", "billing_viewer")
        .start_with_customer()
        .await;
    let page = function.browser().arrive(&order).await;
    assert_eq!(page.status, 403);
    let roles = vec![Role::Other("billing_viewer".to_owned())];
    let user = function.simulator.add_user(&order.account, roles).unwrap();
    let page = function.browser().arrive(&Order { user, ..order }).await;
    assert_eq!(page.status, 200);
}

pub(crate) async fn an_account_that_google_does_not_know_yet_is_completed_later(setup: Setup) {
    let (function, order) = setup.start_with_customer().await;
    let unknown = ProcurementAccountId::parse("0f6b3c1e-5d2a-4e7b-9c88-000000000000").unwrap();
    let order = Order {
        account: unknown,
        ..order
    };
    let page = function.browser().arrive(&order).await;
    let later = Refused::new(
        503,
        "registration-being-completed",
        "the Procurement API does not know the resource",
    )
    .retry_after("30");
    later.check(&function, &page, Some(&order));
    assert_eq!(function.left(&order.account).await, Left::INTENT);
}
