//! A sign-up that was cut off before Google was called.

use function_tests::records::{account, link};
use function_tests::visited::soon;
use jiff::Timestamp;
use marketplace_simulator::Order;
use store::{Approval, Commit, Store};

/// What sign-up stores before it calls Google.
pub(crate) async fn begin_sign_up(store: &Store, order: &Order) {
    let now = Timestamp::now();
    let account = account(order, Approval::Approving, now);
    let commit = Commit::new().put(&account).put(link(order, now));
    store.commit(commit, soon()).await.expect("a store");
}
