//! What a cancelled, suspended, absent or moved order leads to.
//!
//! The state itself is stored like any other (`entitlement.rs`), and the application is notified that the order or the
//! access has ended (`order_changes` of the crate `outbox`). Here: whether the customer's service account is
//! disabled, what becomes of an order that Google does not find any more, and of the account that an order leaves.

use jiff::Timestamp;
use marketplace::{Access, EntitlementState, ProviderId};
use outbox::{News, OrderChange, order_changes};
use store::{Account, Entitlement, JournalEntry, JournalKind};

use super::absence::{is_young, noted};
use super::entitlement::{access_of, news_of};
use super::{Absent, Decision, Effect, Step, StoredState};
use crate::Trigger;

/// The service account is disabled when the last access of the account has ended. That is decided by the order's
/// state, so that it is repeated until it succeeds. If the access ends just now, it is also done when the record says
/// that it is disabled: an earlier version enabled it before it recorded anything.
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
    let may_work = account.is_some_and(|account| {
        account.service_account_may_work() || (ends_now && account.service_account.is_some())
    });
    (ended && may_work && access != Access::Live).then_some(Step::DisableServiceAccount)
}

/// An order that Google does not find is closed once that is certain: cancelled, with the first moment of its absence
/// as its end.
pub(super) fn on_absent(
    known: StoredState<'_>,
    absent: Absent,
    at: Timestamp,
    trigger: Trigger,
    provider: &ProviderId,
) -> Decision<Entitlement> {
    let Some(stored) = known.entitlement else {
        return if trigger.announces_deletion() {
            Decision::nothing()
        } else {
            Decision::Unknown
        };
    };
    if !stored.is_of(provider) {
        // It was set aside when the store was given to this provider.
        return Decision::nothing();
    }
    let is_announced = trigger.announces_deletion_after(stored.update_time)
        || (stored.has_ended() && trigger.announces_deletion());
    if stored.deleted.is_some() || is_announced || absent == Absent::Confirmed {
        return on_gone(known, stored, absent, at);
    }
    if stored.has_ended() {
        // It has ended already, and ended orders vanish at Google in the end.
        return Decision::nothing();
    }
    let absence = noted(stored.absent, at);
    Decision::Absent {
        record: stored.absent.is_none().then(|| Entitlement {
            absent: Some(absence),
            ..stored.clone()
        }),
        is_young: is_young(absence.since, at),
    }
}

fn on_gone(
    known: StoredState<'_>,
    stored: &Entitlement,
    absent: Absent,
    at: Timestamp,
) -> Decision<Entitlement> {
    let since = stored.absent.map_or(at, |absence| absence.since);
    let is_confirmed = absent == Absent::Confirmed;
    let tombstone = Entitlement {
        state: EntitlementState::Cancelled,
        absent: None,
        // One that had ended before ended then, whenever Google purges it.
        deleted: stored.deleted.or(Some(if stored.has_ended() {
            stored.update_time
        } else {
            since
        })),
        absence_confirmed: stored.absence_confirmed.or(is_confirmed.then_some(at)),
        ..stored.clone()
    };
    let access = access_of(known, &tombstone);
    let changes = order_changes(Some(stored), &tombstone, access);
    let steps = Vec::from_iter(when_access_ends(
        known.account,
        &tombstone,
        access,
        &changes,
    ));
    if stored.deleted.is_some() {
        return Decision::apply(Effect::steps(steps));
    }
    let entry = JournalEntry::of_order(&stored.account, &stored.id, JournalKind::OrderClosed, at);
    let because = if is_confirmed { "absent" } else { "deleted" };
    Decision::apply(Effect {
        news: news_of(known.account, &changes, &tombstone, since),
        journal: vec![entry.with("because", because).with("since", since)],
        record: Some(tombstone),
        steps,
    })
}

/// What changes for an account when Google moves one of its orders to another account: its access by that order ends.
/// `others` are the orders that it keeps.
pub(crate) fn left_behind(
    account: &Account,
    order: &Entitlement,
    others: &[Entitlement],
    now: Timestamp,
) -> Effect<Account> {
    let record = Account {
        order_left: Some(now),
        updated: now,
        ..account.clone()
    };
    let access = record.access(others);
    let mut news = Vec::new();
    if order.state.is_live() && !account.is_closed() {
        let change = if access == Access::Live {
            OrderChange::OrderEnded
        } else {
            OrderChange::AccessEnded
        };
        news.push(News::Order {
            change,
            order: order.clone(),
            changed: now,
        });
    }
    let works = |account: &Account| account.service_account.is_some();
    let disables = works(account) && access != Access::Live;
    let entry = JournalEntry::of_order(&account.id, &order.id, JournalKind::OrderMoved, now);
    Effect {
        record: Some(record),
        news,
        journal: vec![entry],
        steps: Vec::from_iter(disables.then_some(Step::DisableServiceAccount)),
    }
}
