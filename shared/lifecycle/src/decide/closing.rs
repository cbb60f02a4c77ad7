//! What closing, reopening and erasing an account change.

use jiff::{SignedDuration, Timestamp};
use outbox::{News, OrderChange};
use store::{Account, Approval, Closed, ClosedBecause, Entitlement, JournalEntry, JournalKind};

use super::Effect;

/// How long Firestore's point-in-time recovery keeps what was deleted.
const RECOVERABLE_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many orders have news of their own when an account is closed or reopened. Each news carries all orders, and a
/// commit takes 10 MiB: of more orders the news about the account itself is enough.
const TOLD_ONE_BY_ONE: usize = 100;

/// The account without access. Nothing of it is erased yet, and what an operator rejected stays rejected.
pub(super) fn closed(
    stored: &Account,
    orders: &[Entitlement],
    because: ClosedBecause,
    at: Timestamp,
) -> Effect<Account> {
    let record = Account {
        approval: match stored.approval {
            Approval::Rejected => Approval::Rejected,
            _ => Approval::None,
        },
        absent: None,
        closed: Some(Closed { at, because }),
        updated: at,
        ..stored.clone()
    };
    let entry = JournalEntry::of_account(&stored.id, JournalKind::AccountClosed, at);
    let entry = entry.with("because", because.as_str());
    let entry = match stored.absent {
        Some(absent) => entry.with("absent_since", absent.since),
        None => entry,
    };
    let mut news = vec![News::Closed];
    news.extend(of_live(orders, &OrderChange::AccessEnded, at));
    Effect {
        record: Some(record),
        news,
        journal: vec![entry],
        steps: Vec::new(),
    }
}

/// The account as it is once it is open again; one that is open stays as it is.
pub(super) fn reopened(stored: &Account, now: Timestamp) -> Account {
    if !stored.is_closed() {
        return stored.clone();
    }
    Account {
        opened: Some(now),
        closed: None,
        erase_hold: None,
        erase_asked: None,
        erased: None,
        ..stored.clone()
    }
}

/// The news that an account is open again, and every order that is in force.
pub(super) fn reopening_news(orders: &[Entitlement], now: Timestamp) -> Vec<News> {
    let mut news = vec![News::Reopened];
    news.extend(of_live(orders, &OrderChange::AccessGranted, now));
    news
}

fn of_live(
    orders: &[Entitlement],
    change: &OrderChange,
    changed: Timestamp,
) -> impl Iterator<Item = News> {
    let live = orders.iter().filter(|order| order.state.is_live());
    live.take(TOLD_ONE_BY_ONE).map(move |order| News::Order {
        change: change.clone(),
        order: order.clone(),
        changed,
    })
}

/// Whether the personal data of an account is to be erased now.
pub(crate) fn is_due_to_be_erased(
    account: &Account,
    erase_after: SignedDuration,
    now: Timestamp,
) -> bool {
    let Some(closed) = account.closing() else {
        return false;
    };
    if account
        .erase_hold
        .as_ref()
        .is_some_and(|hold| now < hold.until)
    {
        return false;
    }
    let is_over = now.duration_since(closed.at) >= erase_after;
    account.erased.is_none() && (is_over || account.erase_asked.is_some())
}

/// The account without personal data. What remains says that it existed, whether it was rejected, and which service
/// account of the vendor's Portico has disabled: if the customer comes back, Portico may enable it again.
pub(crate) fn erased(stored: &Account, now: Timestamp) -> Account {
    Account {
        company: None,
        erase_hold: None,
        erase_asked: None,
        erased: Some(now),
        updated: now,
        ..stored.clone()
    }
}

/// The receipt of an erasing, without personal data.
pub(crate) fn receipt(stored: &Account, now: Timestamp) -> JournalEntry {
    let entry = JournalEntry::of_account(&stored.id, JournalKind::AccountErased, now);
    let recoverable = now.saturating_add(RECOVERABLE_FOR).unwrap_or(now);
    let because = match stored.closing() {
        Some(closed) => closed.because.as_str(),
        None => "unknown",
    };
    entry
        .with("because", because)
        .with("asked_for", stored.erase_asked.is_some())
        .with("copies_until", recoverable)
}
