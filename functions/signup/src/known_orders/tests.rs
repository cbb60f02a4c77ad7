//! Orders that are stored under this account, and under another one.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState as State, ProductId};
use store::{Approval, Commit};

use super::*;

fn id(text: &str) -> ProcurementAccountId {
    ProcurementAccountId::parse(text).unwrap()
}

fn order(order: &str, account: &str, state: &State) -> Entitlement {
    Entitlement::new(
        &EntitlementId::parse(order).unwrap(),
        &id(account),
        &ProductId::parse("product").unwrap(),
        state,
        Timestamp::UNIX_EPOCH,
    )
}

fn soon() -> Deadline {
    Deadline::after(std::time::Duration::from_secs(9))
}

/// What is known when these are stored, Google lists those under `own`, and the token named none.
async fn known(stored: &[Entitlement], listed: &[Entitlement]) -> KnownOrders {
    let store = Store::memory();
    let commit = stored.iter().fold(Commit::new(), Commit::create);
    store.commit(commit, soon()).await.unwrap();
    let landing = Landing {
        account: None,
        link: None,
        replay: None,
        entitlements: store.entitlements_of(&id("own"), soon()).await.unwrap(),
        other_orders: Vec::new(),
    };
    let known = KnownOrders::read(&store, &id("own"), &landing, listed, soon());
    known.await.unwrap()
}

#[tokio::test]
async fn a_listed_order_that_is_stored_under_another_account_is_known_and_gives_no_access_yet() {
    let (here, there) = (order("moved", "own", &State::Active), "other");
    let listed = [here];
    let known = known(&[order("moved", there, &State::Active)], &listed).await;
    assert_eq!(known.own, []);
    assert_eq!(known.elsewhere.len(), 1);
    let account = Account::new(&id("own"), Approval::Approved, Timestamp::UNIX_EPOCH);
    assert_eq!(known.access(&account, &listed), Access::Pending);
}

#[tokio::test]
async fn an_order_that_nobody_has_stored_yet_gives_the_access_that_google_says() {
    let listed = [order("new", "own", &State::Active)];
    let known = known(&[order("old", "own", &State::Cancelled)], &listed).await;
    assert_eq!((known.own.len(), known.elsewhere.len()), (1, 0));
    let account = Account::new(&id("own"), Approval::Approved, Timestamp::UNIX_EPOCH);
    assert_eq!(known.access(&account, &listed), Access::Live);
}
