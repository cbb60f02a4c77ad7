//! Records for the tests of decisions.

use approval::GoogleOrder;
use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId, Products, ProviderId,
};
use outbox::{News, OrderChange};
use store::{Account, Approval, Entitlement, ServiceAccount};

use crate::decide::{Decision, Effect, ResourceAnswer, StoredState};

/// This many seconds after everything began.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

pub(crate) fn account_id() -> ProcurementAccountId {
    ProcurementAccountId::parse("A-1").unwrap()
}

pub(crate) fn products() -> Products {
    Products::new(vec![ProductId::parse("ours").unwrap()]).unwrap()
}

pub(crate) fn provider() -> ProviderId {
    ProviderId::parse("example-partner").unwrap()
}

/// The effect of a decision that has one.
#[track_caller]
pub(crate) fn effect<R: std::fmt::Debug>(decision: Decision<R>) -> Effect<R> {
    match decision {
        Decision::Apply(effect) => *effect,
        other => panic!("{other:?}"),
    }
}

/// What has changed about orders, as the application is notified of it.
pub(crate) fn changes<R>(effect: &Effect<R>) -> Vec<OrderChange> {
    let changes = effect.news.iter().filter_map(|news| match news {
        News::Order { change, .. } => Some(change.clone()),
        _ => None,
    });
    changes.collect()
}

pub(crate) fn entitlement(state: &EntitlementState, updated: i64) -> Entitlement {
    Entitlement {
        plan: Some(PlanId::parse("standard").unwrap()),
        update_time: at(updated),
        ..Entitlement::new(
            &EntitlementId::parse("E-1").unwrap(),
            &account_id(),
            &ProductId::parse("ours").unwrap(),
            state,
            at(0),
        )
    }
}

/// What is stored where only these records matter.
pub(crate) fn stored<'a>(
    account: Option<&'a Account>,
    entitlement: Option<&'a Entitlement>,
) -> StoredState<'a> {
    StoredState {
        account,
        entitlement,
        others: &[],
    }
}

/// What Google says of an entitlement in this state.
pub(crate) fn found(state: &EntitlementState, updated: i64) -> ResourceAnswer<GoogleOrder> {
    ResourceAnswer::Found(order(state, updated))
}

/// Google's order in this state; a change of plan leads to `premium`.
pub(crate) fn order(state: &EntitlementState, updated: i64) -> GoogleOrder {
    let changes = matches!(
        state,
        EntitlementState::PendingPlanChange | EntitlementState::PendingPlanChangeApproval
    );
    GoogleOrder {
        record: entitlement(state, updated),
        pending_plan: changes.then(|| PlanId::parse("premium").unwrap()),
        has_message: false,
    }
}

pub(crate) fn account(approval: Approval) -> Account {
    Account::new(&account_id(), approval, at(0))
}

pub(crate) fn with_service_account(account: Account, disabled: Option<Timestamp>) -> Account {
    Account {
        service_account: Some(ServiceAccount {
            email: "customer@vendor.iam.gserviceaccount.com".to_owned(),
            unique_id: "107".to_owned(),
            disabled,
        }),
        ..account
    }
}

/// Every state an entitlement can be in, one that no document knows among them.
pub(crate) fn states() -> Vec<EntitlementState> {
    let new = EntitlementState::Other("ENTITLEMENT_PAUSED".to_owned());
    EntitlementState::KNOWN
        .iter()
        .cloned()
        .chain([new])
        .collect()
}
