//! Customers who get no link.

use jiff::Timestamp;
use marketplace::{EntitlementState as State, ProductId};
use marketplace_simulator::Matcher;
use store::{Approval, Closed, ClosedBecause, Commit, Document, Store};

use crate::customer::{TestCustomer, soon};
use crate::function::TestFunction;

pub(crate) async fn a_customer_without_access_gets_no_link_and_no_service_account(store: Store) {
    let function = TestFunction::start(store).await;
    let mut cases = Vec::new();
    let mut case = |status, code, change: &dyn Fn(&mut TestCustomer)| {
        let mut customer = TestCustomer::of(&function.simulator);
        change(&mut customer);
        cases.push((customer, status, code));
    };
    let now = Some(Timestamp::now());
    // An earlier version closed and erased at once.
    case(404, "account-deleted", &|it| it.account.erased = now);
    let closed = now.map(|at| Closed {
        at,
        because: ClosedBecause::Absent,
    });
    case(404, "account-deleted", &|it| it.account.closed = closed);
    for (approval, code) in [
        (Approval::None, "account-not-approved"),
        (Approval::Approving, "account-not-approved"),
        (Approval::Rejected, "account-rejected"),
    ] {
        case(409, code, &|it| it.account.approval = approval);
    }
    for (state, status, code) in [
        (State::ActivationRequested, 409, "access-pending"),
        (State::Other("NEW".to_owned()), 409, "access-pending"),
        (State::Cancelled, 409, "access-ended"),
        (State::Suspended, 409, "access-ended"),
        (State::PendingCancellation, 200, ""),
        (State::PendingPlanChange, 200, ""),
    ] {
        case(status, code, &|it| it.entitlement.state = state.clone());
    }
    // Taken out of `PRODUCTS` since it was bought: that ends nobody's access.
    let other = ProductId::parse("other").unwrap();
    let not_served_any_more = |it: &mut TestCustomer| it.entitlement.product = other.clone();
    case(200, "", &not_served_any_more);
    let mut links = 0;
    for (customer, status, code) in cases {
        customer.store(&function.store).await;
        let answer = function.ask(&customer.body()).await;
        assert_eq!(answer.refusal(), (status, code));
        links += usize::from(status == 200);
    }
    // One who never came here, one who never bought here, and one who is known from events alone.
    let unknown = TestCustomer::of(&function.simulator);
    let answer = function.ask(&unknown.body()).await;
    assert_eq!(answer.refusal(), (404, "account-unknown"));
    let unlinked = function.customer().await;
    let link = Document::link(unlinked.id(), unlinked.user());
    let commit = Commit::new().delete(link);
    function.store.commit(commit, soon()).await.unwrap();
    let answer = function.ask(&unlinked.body()).await;
    assert_eq!(answer.refusal(), (404, "user-not-linked"));
    let without_order = function.customer().await;
    let commit = Commit::new().delete(Document::entitlement(&without_order.entitlement.id));
    function.store.commit(commit, soon()).await.unwrap();
    let answer = function.ask(&without_order.body()).await;
    assert_eq!(answer.refusal(), (409, "access-pending"));
    let moved_away = function.customer().await;
    let mut account = moved_away.account.clone();
    account.order_left = now;
    let commit = Commit::new().put(&account);
    let commit = commit.delete(Document::entitlement(&moved_away.entitlement.id));
    function.store.commit(commit, soon()).await.unwrap();
    let answer = function.ask(&moved_away.body()).await;
    assert_eq!(answer.refusal(), (409, "access-ended"));
    assert_eq!(function.simulator.service_accounts().len(), links);
    assert_eq!(function.simulator.calls().count(&Matcher::iam()), links);
}
