//! A sign-up that was cut off before Google was called.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::Deadline;
use marketplace_simulator::Order;
use store::{Account, Approval, Commit, Link, Store};

/// What sign-up stores before it calls Google.
pub(crate) async fn begin_sign_up(store: &Store, order: &Order) {
    let now = Timestamp::now();
    let account = Account {
        id: order.account.clone(),
        approval: Approval::Approving,
        company: Some("Example".to_owned()),
        service_account: None,
        created: now,
        updated: now,
        deleted: None,
        touched: None,
    };
    let link = Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: [("name".to_owned(), "Ada".to_owned())].into(),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: now,
        last_seen: now,
    };
    let commit = Commit::new().put(&account).put(&link);
    let soon = Deadline::after(Duration::from_secs(30));
    store.commit(commit, soon).await.expect("a store");
}
