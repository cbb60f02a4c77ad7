//! Decides about an order.

use approval::{ApprovalPolicy, GoogleOrder, approval_steps};
use marketplace::Products;
use outbox::{access_with, order_changes};
use store::{Account, Entitlement};

use super::cancellation::{on_absent, when_access_ends};
use super::{Absence, Decision, Effect, ResourceAnswer, Step, Wait};
use crate::Trigger;

/// What is stored of an order and around it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StoredState<'a> {
    pub(crate) account: Option<&'a Account>,
    pub(crate) entitlement: Option<&'a Entitlement>,
    /// Other orders of the same account.
    pub(crate) others: &'a [Entitlement],
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct OrderRules<'a> {
    pub(crate) policy: ApprovalPolicy,
    pub(crate) products: &'a Products,
}

/// Decides by what Google says now. The event is only the trigger: it says how new the answer has to be, and whether
/// an order that Google does not find is meant to be gone.
pub(crate) fn on_entitlement(
    known: StoredState<'_>,
    answer: &ResourceAnswer<GoogleOrder>,
    trigger: Trigger,
    rules: OrderRules<'_>,
) -> Decision<Entitlement> {
    match answer {
        ResourceAnswer::Found(order) => on_found(known, order, trigger, rules),
        ResourceAnswer::Absent(absence, at) => {
            let is_final = *absence == Absence::Confirmed || trigger.announces_deletion();
            on_absent(known, is_final, *at, rules.products)
        }
    }
}

fn on_found(
    known: StoredState<'_>,
    order: &GoogleOrder,
    trigger: Trigger,
    rules: OrderRules<'_>,
) -> Decision<Entitlement> {
    let fetched = &order.record;
    if !rules.products.serves(&fetched.product) {
        return Decision::Ignore;
    }
    let stored = known.entitlement.map(|stored| stored.update_time);
    let newest = stored.max(Some(fetched.update_time));
    if trigger.announces_newer_than(newest) {
        return Decision::Wait(Wait::Older);
    }
    if known
        .entitlement
        .is_some_and(|stored| is_outdated(stored, fetched, trigger))
    {
        // What is stored is newer than this answer, and no older than the event.
        return Decision::Apply(Effect::nothing());
    }
    let access = access_with(fetched, known.others, rules.products);
    let changes = order_changes(known.entitlement, fetched, access);
    let approval = approval_steps(known.account, order, rules.policy);
    let mut steps: Vec<_> = approval.into_iter().map(Step::Approval).collect();
    steps.extend(when_access_ends(known.account, fetched, access, &changes));
    Decision::Apply(match known.entitlement {
        Some(stored) if stored == fetched => Effect::steps(steps),
        _ => Effect {
            record: Some(fetched.clone()),
            changes,
            steps,
        },
    })
}

/// An answer of the same age is applied. A tombstone is only reopened by a newer answer, or by reconciliation, which
/// repairs an absence that was confirmed wrongly.
fn is_outdated(stored: &Entitlement, fetched: &Entitlement, trigger: Trigger) -> bool {
    let (stored_at, fetched_at) = (
        stored.update_time.as_microsecond(),
        fetched.update_time.as_microsecond(),
    );
    let is_tombstone = stored.deleted.is_some() && trigger != Trigger::Reconciliation;
    fetched_at < stored_at || (is_tombstone && fetched_at == stored_at)
}
