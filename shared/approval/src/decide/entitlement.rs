//! What follows from what Google says of an entitlement.

use jiff::Timestamp;
use marketplace::{Access, EntitlementState, PlanId, Products};
use store::{Account, Approval, Entitlement};

use super::{Absence, Answer, Decision, Effect, Request, Step, Wait};
use crate::change::{access, changes};
use crate::{ApprovalPolicy, Change, Occasion};

/// An entitlement as Google tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// What is stored of it.
    pub(crate) record: Entitlement,
    /// The plan that it shall change to.
    pub(crate) pending_plan: Option<PlanId>,
    /// Whether the customer reads a message of ours while he waits.
    pub(crate) has_message: bool,
}

/// What is stored around an entitlement.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    pub(crate) account: Option<&'a Account>,
    pub(crate) entitlement: Option<&'a Entitlement>,
    /// Other entitlements of the same account.
    pub(crate) others: &'a [Entitlement],
}

/// What the vendor configured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) policy: ApprovalPolicy,
    pub(crate) products: &'a Products,
}

/// Decides by what Google says now. The event is only the occasion: it tells how new the answer
/// has to be, and whether a resource that is not there is meant to be gone.
pub(crate) fn on_entitlement(
    known: Known<'_>,
    answer: &Answer<Order>,
    occasion: Occasion,
    rules: Rules<'_>,
) -> Decision<Entitlement> {
    match answer {
        Answer::Found(order) => on_found(known, order, occasion, rules),
        Answer::Absent(absence, at) => {
            let is_final = *absence == Absence::Confirmed || occasion.tells_of_deletion();
            on_absent(known, is_final, *at, rules)
        }
    }
}

fn on_found(
    known: Known<'_>,
    order: &Order,
    occasion: Occasion,
    rules: Rules<'_>,
) -> Decision<Entitlement> {
    let fetched = &order.record;
    if !rules.products.serves(&fetched.product) {
        return Decision::Ignore;
    }
    let stored = known.entitlement.map(|stored| stored.update_time);
    let newest = stored.max(Some(fetched.update_time));
    if occasion.announces_newer_than(newest) {
        return Decision::Wait(Wait::Older);
    }
    if known
        .entitlement
        .is_some_and(|stored| is_old_news(stored, fetched, occasion))
    {
        // What is stored is newer than this answer, and no older than the event.
        return Decision::Follow(Effect::default());
    }
    let access = access(fetched, known.others, rules.products);
    let changes = changes(known.entitlement, fetched, access);
    let mut then = approval_steps(known.account, order, rules.policy);
    then.extend(end_of_access(known.account, (fetched, access), &changes));
    Decision::Follow(match known.entitlement {
        Some(stored) if stored == fetched => Effect {
            then,
            ..Effect::default()
        },
        _ => Effect {
            record: Some(fetched.clone()),
            changes,
            then,
        },
    })
}

/// Equal applies. A tombstone is opened by newer news alone, or by reconciliation, which mends an
/// absence that was confirmed wrongly.
fn is_old_news(stored: &Entitlement, fetched: &Entitlement, occasion: Occasion) -> bool {
    let (stored_at, fetched_at) = (
        stored.update_time.as_microsecond(),
        fetched.update_time.as_microsecond(),
    );
    let is_buried = stored.deleted.is_some() && occasion != Occasion::Reconciliation;
    fetched_at < stored_at || (is_buried && fetched_at == stored_at)
}

fn approval_steps(account: Option<&Account>, order: &Order, policy: ApprovalPolicy) -> Vec<Step> {
    let approval = match account {
        Some(account) if account.deleted.is_some() => Approval::None,
        Some(account) => account.approval,
        None => Approval::None,
    };
    let waits_for = match order.record.state {
        _ if approval == Approval::Rejected => return Vec::new(),
        _ if order.record.waits_for_approval() => Request::Order,
        EntitlementState::PendingPlanChangeApproval => Request::PlanChange,
        _ => return Vec::new(),
    };
    let mut steps = Vec::new();
    if policy == ApprovalPolicy::Manual && !order.has_message {
        steps.push(Step::AskForPatience(waits_for));
    }
    match (approval, policy, &order.pending_plan) {
        (Approval::Approving, _, _) => steps.push(Step::ApproveAccount),
        (Approval::Approved, ApprovalPolicy::Auto, pending) => {
            if waits_for == Request::Order {
                steps.push(Step::ApproveEntitlement);
            } else if let Some(plan) = pending {
                steps.push(Step::ApprovePlanChange(plan.clone()));
            }
        }
        _ => {}
    }
    steps
}

/// By state, so that it is done again until it has succeeded; and whatever the record says when the
/// access ends just now: it may have been enabled by a call that was cut off before it could say so.
fn end_of_access(
    account: Option<&Account>,
    (entitlement, access): (&Entitlement, Access),
    changes: &[Change],
) -> Option<Step> {
    let ended = matches!(
        entitlement.state,
        EntitlementState::Cancelled | EntitlementState::Suspended
    );
    let ends_now = changes.contains(&Change::AccessEnded);
    let may_work = account
        .and_then(|account| account.service_account.as_ref())
        .is_some_and(|service_account| service_account.disabled.is_none() || ends_now);
    (ended && may_work && access != Access::Live).then_some(Step::DisableServiceAccount)
}

fn on_absent(
    known: Known<'_>,
    is_final: bool,
    at: Timestamp,
    rules: Rules<'_>,
) -> Decision<Entitlement> {
    let Some(stored) = known.entitlement else {
        return if is_final {
            Decision::Follow(Effect::default())
        } else {
            Decision::Wait(Wait::Absence)
        };
    };
    let buried = stored.deleted.is_some();
    if !is_final && !buried {
        return Decision::Wait(Wait::Absence);
    }
    let tombstone = Entitlement {
        state: EntitlementState::Cancelled,
        deleted: stored.deleted.or(Some(at)),
        ..stored.clone()
    };
    let access = access(&tombstone, known.others, rules.products);
    let changes = changes(Some(stored), &tombstone, access);
    let then = Vec::from_iter(end_of_access(known.account, (&tombstone, access), &changes));
    if buried {
        return Decision::Follow(Effect {
            then,
            ..Effect::default()
        });
    }
    Decision::Follow(Effect {
        changes,
        record: Some(tombstone),
        then,
    })
}
