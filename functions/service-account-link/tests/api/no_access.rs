//! Customers who get no link.

use jiff::Timestamp;
use marketplace::{EntitlementState as State, ProductId};
use marketplace_simulator::Matcher;
use store::{Approval, Commit, Document, Store};

use crate::customer::{TestCustomer, soon};
use crate::function::TestFunction;

type Change = fn(&mut TestCustomer);

pub(crate) async fn a_customer_without_access_gets_no_link_and_no_service_account(store: Store) {
    let function = TestFunction::start(store).await;
    let changes: [(Change, u16, &str); 11] = [
        (
            |it| it.account.deleted = Some(Timestamp::now()),
            404,
            "account-deleted",
        ),
        (
            |it| it.account.approval = Approval::None,
            409,
            "account-not-approved",
        ),
        (
            |it| it.account.approval = Approval::Approving,
            409,
            "account-not-approved",
        ),
        (
            |it| it.account.approval = Approval::Rejected,
            409,
            "account-rejected",
        ),
        (
            |it| it.entitlement.state = State::ActivationRequested,
            409,
            "access-pending",
        ),
        (
            |it| it.entitlement.state = State::Other("NEW".to_owned()),
            409,
            "access-pending",
        ),
        (
            |it| it.entitlement.product = ProductId::parse("other").unwrap(),
            409,
            "access-pending",
        ),
        (
            |it| it.entitlement.state = State::Cancelled,
            409,
            "access-ended",
        ),
        (
            |it| it.entitlement.state = State::Suspended,
            409,
            "access-ended",
        ),
        (
            |it| it.entitlement.state = State::PendingCancellation,
            200,
            "",
        ),
        (
            |it| it.entitlement.state = State::PendingPlanChange,
            200,
            "",
        ),
    ];
    let mut links = 0;
    for (change, status, code) in changes {
        let mut customer = TestCustomer::of(&function.simulator);
        change(&mut customer);
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
    assert_eq!(function.simulator.service_accounts().len(), links);
    assert_eq!(function.simulator.calls().count(&Matcher::iam()), links);
}
