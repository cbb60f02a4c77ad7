//! What a cancelled, suspended or deleted order leads to.
//!
//! The state itself is stored like any other (`entitlement.rs`), and the application is notified that the order or the
//! access has ended (`order_changes` of the crate `outbox`). Here: whether the customer's service account is
//! disabled, and what becomes of an order that Google does not find any more.

use jiff::Timestamp;
use marketplace::{Access, EntitlementState, Products};
use outbox::{OrderChange, access_with, order_changes};
use store::{Account, Entitlement};

use super::{Decision, Effect, Step, StoredState, Wait};

/// The service account is disabled when the last access of the account has ended. That is decided by the order's
/// state, so that it is repeated until it succeeds. If the access ends just now, it is also done when the record says
/// that it is disabled: a call that enabled it may have been interrupted before it recorded that.
pub(super) fn when_access_ends(
    account: Option<&Account>,
    entitlement: &Entitlement,
    access: Access,
    changes: &[OrderChange],
) -> Option<Step> {
    let ended = matches!(
        entitlement.state,
        EntitlementState::Cancelled | EntitlementState::Suspended
    );
    let ends_now = changes.contains(&OrderChange::AccessEnded);
    let may_work = account
        .and_then(|account| account.service_account.as_ref())
        .is_some_and(|service_account| service_account.disabled.is_none() || ends_now);
    (ended && may_work && access != Access::Live).then_some(Step::DisableServiceAccount)
}

/// An order that Google does not find is closed once that is final: cancelled, with a tombstone.
pub(super) fn on_absent(
    known: StoredState<'_>,
    is_final: bool,
    at: Timestamp,
    products: &Products,
) -> Decision<Entitlement> {
    let Some(stored) = known.entitlement else {
        return if is_final {
            Decision::Apply(Effect::nothing())
        } else {
            Decision::Wait(Wait::Absence)
        };
    };
    let is_tombstone = stored.deleted.is_some();
    if !is_final && !is_tombstone {
        return Decision::Wait(Wait::Absence);
    }
    let tombstone = Entitlement {
        state: EntitlementState::Cancelled,
        deleted: stored.deleted.or(Some(at)),
        ..stored.clone()
    };
    let access = access_with(&tombstone, known.others, products);
    let changes = order_changes(Some(stored), &tombstone, access);
    let step = when_access_ends(known.account, &tombstone, access, &changes);
    let steps = Vec::from_iter(step);
    if is_tombstone {
        return Decision::Apply(Effect::steps(steps));
    }
    Decision::Apply(Effect {
        changes,
        record: Some(tombstone),
        steps,
    })
}
