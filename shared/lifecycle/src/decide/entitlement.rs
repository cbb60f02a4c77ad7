//! Decides about an order.

use approval::{ApprovalPolicy, GoogleOrder, approval_steps};
use jiff::Timestamp;
use marketplace::{Access, Products, ProviderId};
use outbox::{News, OrderChange, order_changes};
use store::{Account, Entitlement, JournalEntry, JournalKind};

use super::order_end::{on_absent, when_access_ends};
use super::{Decision, Effect, ResourceAnswer, Step};
use crate::Trigger;

/// What is stored of an order and around it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StoredState<'a> {
    /// The account that has the order now.
    pub(crate) account: Option<&'a Account>,
    pub(crate) entitlement: Option<&'a Entitlement>,
    /// Other orders of that account.
    pub(crate) others: &'a [Entitlement],
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct OrderRules<'a> {
    pub(crate) policy: ApprovalPolicy,
    pub(crate) products: &'a Products,
    pub(crate) provider: &'a ProviderId,
    pub(crate) now: Timestamp,
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
        ResourceAnswer::Absent(absent, at) => {
            on_absent(known, *absent, *at, trigger, rules.provider)
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
    // An order that was stored is followed to its end, also if its product is not served any more.
    if !rules.products.serves(&fetched.product) && known.entitlement.is_none() {
        return Decision::Ignore;
    }
    let stored = known.entitlement.map(|stored| stored.update_time);
    if trigger.announces_newer_than(stored.max(Some(fetched.update_time))) {
        return Decision::Older;
    }
    if let Some(stored) = known.entitlement
        && is_outdated(stored, fetched)
    {
        // What is stored is newer than this answer, and no older than the event; but Google has the order.
        let is_absent = stored.absent.is_some() && stored.account == fetched.account;
        let record = is_absent.then(|| Entitlement {
            absent: None,
            ..stored.clone()
        });
        return Decision::apply(Effect {
            record,
            ..Effect::steps(Vec::new())
        });
    }
    Decision::apply(follow(known, order, rules))
}

fn follow(
    known: StoredState<'_>,
    order: &GoogleOrder,
    rules: OrderRules<'_>,
) -> Effect<Entitlement> {
    let fetched = &order.record;
    let moved_from = known
        .entitlement
        .map(|stored| &stored.account)
        .filter(|account| **account != fetched.account);
    // For the account that gets it, an order that Google has moved is as good as bought.
    let before = known.entitlement.filter(|_| moved_from.is_none());
    let reopens = before.is_some_and(|before| before.deleted.is_some());
    let access = access_of(known, fetched);
    let changes = order_changes(before, fetched, access);
    let mut steps = Vec::new();
    if rules.products.serves(&fetched.product) {
        let approval = approval_steps(known.account, order, rules.policy);
        steps.extend(approval.into_iter().map(Step::Approval));
    }
    steps.extend(when_access_ends(known.account, fetched, access, &changes));
    if known
        .entitlement
        .is_some_and(|stored| is_same(stored, fetched))
    {
        return Effect::steps(steps);
    }
    // What is published again is new: it happened now, and not when Google last changed the order.
    let is_new = reopens || moved_from.is_some();
    let when = if is_new {
        rules.now
    } else {
        fetched.update_time
    };
    let entry = |kind| JournalEntry::of_order(&fetched.account, &fetched.id, kind, rules.now);
    let mut journal = Vec::new();
    if reopens {
        journal.push(entry(JournalKind::OrderReopened));
    }
    if let Some(from) = moved_from {
        journal.push(entry(JournalKind::OrderMoved).with("from", from));
    }
    Effect {
        record: Some(fetched.clone()),
        news: news_of(known.account, &changes, fetched, when),
        journal,
        steps,
    }
}

/// The access of the account by this order, as it is now, and its others together.
pub(super) fn access_of(known: StoredState<'_>, order: &Entitlement) -> Access {
    let orders = known.others.iter().chain([order]);
    match known.account {
        Some(account) => account.access(orders),
        None => Access::from_states(orders.map(|order| &order.state)),
    }
}

/// The news about an order. There is none while its account is closed: reopening it publishes every order in force.
pub(super) fn news_of(
    account: Option<&Account>,
    changes: &[OrderChange],
    order: &Entitlement,
    when: Timestamp,
) -> Vec<News> {
    if account.is_some_and(Account::is_closed) {
        return Vec::new();
    }
    let changes = changes.iter();
    let news = changes.map(|change| News::Order {
        change: change.clone(),
        order: order.clone(),
        changed: when,
    });
    news.collect()
}

/// Whether nothing is new. That an older record does not say whose it is, is no reason to write it.
fn is_same(stored: &Entitlement, fetched: &Entitlement) -> bool {
    let provider = fetched.provider.as_ref();
    let is_ours = provider.is_none_or(|provider| stored.is_of(provider));
    let stored = Entitlement {
        provider: fetched.provider.clone(),
        ..stored.clone()
    };
    is_ours && stored == *fetched
}

/// An answer of the same age is applied. An order that Google itself deleted is only reopened by a newer answer; one
/// that was absent for long is, as soon as Google has it again.
fn is_outdated(stored: &Entitlement, fetched: &Entitlement) -> bool {
    let (stored_at, fetched_at) = (
        stored.update_time.as_microsecond(),
        fetched.update_time.as_microsecond(),
    );
    let is_deleted = stored.deleted.is_some() && stored.absence_confirmed.is_none();
    fetched_at < stored_at || (is_deleted && fetched_at == stored_at)
}
