//! What follows from what Google says of an account.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use store::{Account, Approval};

use super::{Absence, AccountStep, Answer, Decision, Effect, Step, Wait, account_step};
use crate::Occasion;

/// What Google says when it has begun to delete an account. It is in no document; the documents
/// only say that deletion is the next state after `ACCOUNT_ACTIVE`.
const DELETED: &str = "ACCOUNT_DELETED";

/// Decides by what Google says of an account now.
pub(crate) fn on_account(
    id: &ProcurementAccountId,
    stored: Option<&Account>,
    answer: &Answer<procurement::Account>,
    occasion: Occasion,
    now: Timestamp,
) -> Decision<Account> {
    match answer {
        Answer::Found(fetched) if fetched.state.as_str() == DELETED => on_deleted(stored, now),
        Answer::Found(fetched) => {
            if occasion.announces_newer_than(fetched.update_time) {
                return Decision::Wait(Wait::Older);
            }
            on_found(id, stored, fetched, (occasion, now))
        }
        Answer::Absent(absence, at) => {
            let is_final = *absence == Absence::Confirmed || occasion.tells_of_deletion();
            let buried = stored.is_some_and(|stored| stored.deleted.is_some());
            if is_final || buried {
                on_deleted(stored, *at)
            } else {
                Decision::Wait(Wait::Absence)
            }
        }
    }
}

fn on_deleted(stored: Option<&Account>, at: Timestamp) -> Decision<Account> {
    let Some(stored) = stored else {
        return Decision::Follow(Effect::default());
    };
    // Again until it has succeeded: a crash may have left something.
    let mut then = vec![Step::Erase];
    let works = stored.service_account.as_ref();
    if works.is_some_and(|service_account| service_account.disabled.is_none()) {
        then.push(Step::DisableServiceAccount);
    }
    let record = stored.deleted.is_none().then(|| Account {
        approval: Approval::None,
        company: None,
        updated: at,
        deleted: Some(at),
        ..stored.clone()
    });
    Decision::Follow(Effect {
        record,
        changes: Vec::new(),
        then,
    })
}

fn on_found(
    id: &ProcurementAccountId,
    stored: Option<&Account>,
    fetched: &procurement::Account,
    (occasion, now): (Occasion, Timestamp),
) -> Decision<Account> {
    let changed_since = |moment: Timestamp| {
        let changed = fetched.update_time;
        changed.is_some_and(|changed| changed.as_microsecond() > moment.as_microsecond())
    };
    if let Some(deleted) = stored.and_then(|stored| stored.deleted)
        && !changed_since(deleted)
    {
        return Decision::Follow(Effect {
            then: vec![Step::Erase],
            ..Effect::default()
        });
    }
    let living = stored.filter(|stored| stored.deleted.is_none());
    let local = living.map_or(Approval::None, |living| living.approval);
    let sign_up = fetched.approval(procurement::Approval::SIGN_UP);
    let step = account_step(sign_up.map(|approval| &approval.state));
    let approval = match step {
        AccountStep::AlreadyApproved => Approval::Approved,
        AccountStep::AlreadyRejected => Approval::Rejected,
        // Taken back at Google, as the reset of a test account does: the customer starts again.
        AccountStep::Approve
            if matches!(local, Approval::Approved | Approval::Rejected)
                && living.is_some_and(|living| changed_since(living.updated)) =>
        {
            Approval::None
        }
        AccountStep::Approve | AccountStep::Unclear => local,
    };
    let record = match living {
        Some(living) if living.approval == approval => None,
        Some(living) => Some(Account {
            approval,
            updated: now,
            ..living.clone()
        }),
        None => Some(newborn(id, approval, now)),
    };
    let mut then = Vec::new();
    if approval == Approval::Approving && step == AccountStep::Approve {
        then.push(Step::ApproveAccount);
    }
    if approval == Approval::Approved && (record.is_some() || occasion != Occasion::Reconciliation)
    {
        then.push(Step::ApproveHeld);
    }
    Decision::Follow(Effect {
        record,
        changes: Vec::new(),
        then,
    })
}

/// An account that is heard of for the first time.
pub(crate) fn newborn(id: &ProcurementAccountId, approval: Approval, now: Timestamp) -> Account {
    Account {
        id: id.clone(),
        approval,
        company: None,
        service_account: None,
        created: now,
        updated: now,
        deleted: None,
        touched: None,
    }
}
