//! Decides about an account.

use approval::{ApprovalStep, SignUpState, sign_up_news, sign_up_state};
use jiff::{SignedDuration, Timestamp};
use marketplace::{Access, ProcurementAccountId, ProviderId};
use store::{Account, Approval, ClosedBecause, Entitlement, JournalEntry, JournalKind, Rejecting};

use super::absence::{is_young, noted};
use super::closing::{closed, reopened, reopening_news};
use super::{Absent, Decision, Effect, ResourceAnswer, Step};
use crate::Trigger;

/// The state of an account that Google has started to delete. It is in no document; the documents only say that
/// deletion is the next state after `ACCOUNT_ACTIVE`.
pub(crate) const DELETED: &str = "ACCOUNT_DELETED";

/// How long after Google confirmed a rejection, or first refused to take it, an approval is taken for one that was
/// already on its way, and rejected again. Later it is somebody's decision.
const REJECTED_AGAIN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What is stored of an account and its orders.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StoredAccount<'a> {
    pub(crate) account: Option<&'a Account>,
    /// All of its orders.
    pub(crate) orders: &'a [Entitlement],
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AccountRules<'a> {
    pub(crate) provider: &'a ProviderId,
    pub(crate) now: Timestamp,
}

/// Decides by what Google says about an account now.
pub(crate) fn on_account(
    id: &ProcurementAccountId,
    known: StoredAccount<'_>,
    answer: &ResourceAnswer<procurement::Account>,
    trigger: Trigger,
    rules: AccountRules<'_>,
) -> Decision<Account> {
    match answer {
        ResourceAnswer::Found(fetched) if fetched.state.as_str() == DELETED => {
            on_gone(known, ClosedBecause::Deleted, rules.now)
        }
        ResourceAnswer::Found(fetched) => {
            if trigger.announces_newer_than(fetched.update_time) {
                return Decision::Older;
            }
            on_found(id, known, fetched, trigger, rules)
        }
        ResourceAnswer::Absent(absent, at) => on_absent(known, *absent, *at, trigger, rules),
    }
}

fn on_absent(
    known: StoredAccount<'_>,
    absent: Absent,
    at: Timestamp,
    trigger: Trigger,
    rules: AccountRules<'_>,
) -> Decision<Account> {
    let Some(stored) = known.account else {
        return if trigger.announces_deletion() {
            Decision::nothing()
        } else {
            Decision::Unknown
        };
    };
    if !stored.is_of(rules.provider) {
        // It was set aside when the store was given to this provider.
        return Decision::nothing();
    }
    if stored.is_closed() || absent == Absent::Confirmed {
        return on_gone(known, ClosedBecause::Absent, at);
    }
    let opened = stored.opened.unwrap_or(stored.created);
    if trigger.announces_deletion_after(opened) {
        return on_gone(known, ClosedBecause::Deleted, at);
    }
    let absence = noted(stored.absent, at);
    Decision::Absent {
        record: stored.absent.is_none().then(|| Account {
            absent: Some(absence),
            ..stored.clone()
        }),
        is_young: is_young(absence.since, at),
    }
}

/// The account is gone: it is closed, once. The service account is disabled until that has succeeded.
fn on_gone(known: StoredAccount<'_>, because: ClosedBecause, at: Timestamp) -> Decision<Account> {
    let Some(stored) = known.account else {
        return Decision::nothing();
    };
    let steps = Vec::from_iter(
        stored
            .service_account_may_work()
            .then_some(Step::DisableServiceAccount),
    );
    if stored.is_closed() {
        return Decision::apply(Effect::steps(steps));
    }
    Decision::apply(Effect {
        steps,
        ..closed(stored, known.orders, because, at)
    })
}

fn on_found(
    id: &ProcurementAccountId,
    known: StoredAccount<'_>,
    fetched: &procurement::Account,
    trigger: Trigger,
    rules: AccountRules<'_>,
) -> Decision<Account> {
    let now = rules.now;
    let is_closed = known.account.is_some_and(Account::is_closed);
    if is_closed
        && !known
            .account
            .is_some_and(|account| may_reopen(account, fetched))
    {
        let works = known.account.is_some_and(Account::service_account_may_work);
        let steps = works.then_some(Step::DisableServiceAccount);
        return Decision::apply(Effect::steps(Vec::from_iter(steps)));
    }
    let before = known.account.map_or_else(
        || Account::new(id, Approval::None, now),
        |account| reopened(account, now),
    );
    let verdict = approval_now(&before, is_closed, fetched, now);
    let after = Account {
        approval: verdict.approval,
        rejecting: verdict.rejecting,
        absent: None,
        ..before
    };
    let is_same = known.account.is_some_and(|stored| {
        let provider = stored.provider.clone();
        *stored
            == Account {
                provider,
                ..after.clone()
            }
            && stored.is_of(rules.provider)
    });
    let record = (!is_same).then(|| Account {
        provider: Some(rules.provider.clone()),
        updated: now,
        ..after.clone()
    });
    let mut steps = Vec::from_iter(verdict.step);
    if after.approval == Approval::Approved
        && (record.is_some() || trigger != Trigger::Reconciliation)
    {
        steps.push(Step::ApproveHeld);
    }
    if after.access(known.orders) != Access::Live && after.service_account_may_work() {
        steps.push(Step::DisableServiceAccount);
    }
    let mut news = sign_up_news(known.account, &after, known.orders, now);
    let mut journal = Vec::new();
    if is_closed {
        news = reopening_news(known.orders, now);
        journal.push(JournalEntry::of_account(
            id,
            JournalKind::AccountReopened,
            now,
        ));
    }
    if verdict.is_overruled {
        journal.push(JournalEntry::of_account(
            id,
            JournalKind::RejectionOverruled,
            now,
        ));
    }
    Decision::apply(Effect {
        record,
        news,
        journal,
        steps,
    })
}

/// After Google's own deletion only something newer reopens. An absence that was confirmed was a mistake as soon as
/// Google has the account again.
fn may_reopen(account: &Account, fetched: &procurement::Account) -> bool {
    account.closing().is_none_or(|closed| match closed.because {
        ClosedBecause::Absent => true,
        ClosedBecause::Deleted => changed_since(fetched, closed.at),
    })
}

fn changed_since(fetched: &procurement::Account, moment: Timestamp) -> bool {
    let changed = fetched.update_time;
    changed.is_some_and(|changed| changed.as_microsecond() > moment.as_microsecond())
}

/// The approval of an account by what Google says now.
struct Verdict {
    approval: Approval,
    rejecting: Option<Rejecting>,
    step: Option<Step>,
    /// Whether Google has approved what an operator had rejected.
    is_overruled: bool,
}

fn approval_now(
    before: &Account,
    was_closed: bool,
    fetched: &procurement::Account,
    now: Timestamp,
) -> Verdict {
    let (local, rejecting) = (before.approval, before.rejecting);
    let mut verdict = Verdict {
        approval: local,
        rejecting,
        step: None,
        is_overruled: false,
    };
    match (sign_up_state(fetched), local) {
        (SignUpState::Approved, Approval::Rejected) if is_on_its_way(rejecting, now) => {
            verdict.step = Some(Step::RejectAccount);
        }
        (SignUpState::Approved, _) => {
            verdict.is_overruled = local == Approval::Rejected && rejecting.is_some();
            verdict.approval = Approval::Approved;
            verdict.rejecting = None;
        }
        (SignUpState::Rejected, _) => {
            verdict.approval = Approval::Rejected;
            verdict.rejecting = rejecting.map(|rejecting| Rejecting {
                confirmed: rejecting.confirmed.or(Some(now)),
                ..rejecting
            });
        }
        (SignUpState::Pending, Approval::Approving) => {
            verdict.step = Some(Step::Approval(ApprovalStep::ApproveAccount));
        }
        // Google has shown accounts without any approval; asking for it is the only way to find out.
        (SignUpState::Unclear, Approval::Approving)
            if fetched.approval(procurement::Approval::SIGN_UP).is_none() =>
        {
            verdict.step = Some(Step::Approval(ApprovalStep::ApproveAccount));
        }
        (SignUpState::Pending, Approval::Rejected)
            if rejecting.is_some_and(|rejecting| rejecting.confirmed.is_none()) =>
        {
            verdict.step = Some(Step::RejectAccount);
        }
        // Google took the approval back, as the reset of a test account does: the customer signs up again.
        (SignUpState::Pending, Approval::Approved | Approval::Rejected)
            if !was_closed && changed_since(fetched, before.updated) =>
        {
            verdict.approval = Approval::None;
            verdict.rejecting = None;
        }
        (SignUpState::Pending | SignUpState::Unclear, _) => {}
    }
    verdict
}

/// Whether Google may have taken this approval before it took the rejection.
fn is_on_its_way(rejecting: Option<Rejecting>, now: Timestamp) -> bool {
    rejecting.is_some_and(|rejecting| {
        let answered = rejecting.confirmed.or(rejecting.refused);
        answered.is_none_or(|answered| now.duration_since(answered) < REJECTED_AGAIN_FOR)
    })
}
