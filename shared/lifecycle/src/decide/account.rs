//! Decides about an account, and closes one that Google has deleted.

use approval::{ApprovalStep, SignUpState, new_account, sign_up_state};
use jiff::Timestamp;
use marketplace::ProcurementAccountId;
use store::{Account, Approval};

use super::{Absence, Decision, Effect, ResourceAnswer, Step, Wait};
use crate::Trigger;

/// The state of an account that Google has started to delete. It is in no document; the documents only say that
/// deletion is the next state after `ACCOUNT_ACTIVE`.
const DELETED: &str = "ACCOUNT_DELETED";

/// Decides by what Google says about an account now.
pub(crate) fn on_account(
    id: &ProcurementAccountId,
    stored: Option<&Account>,
    answer: &ResourceAnswer<procurement::Account>,
    trigger: Trigger,
    now: Timestamp,
) -> Decision<Account> {
    match answer {
        ResourceAnswer::Found(fetched) if fetched.state.as_str() == DELETED => {
            on_deleted(stored, now)
        }
        ResourceAnswer::Found(fetched) => {
            if trigger.announces_newer_than(fetched.update_time) {
                return Decision::Wait(Wait::Older);
            }
            on_found(id, stored, fetched, trigger, now)
        }
        ResourceAnswer::Absent(absence, at) => {
            let is_final = *absence == Absence::Confirmed || trigger.announces_deletion();
            let is_tombstone = stored.is_some_and(|stored| stored.deleted.is_some());
            if is_final || is_tombstone {
                on_deleted(stored, *at)
            } else {
                Decision::Wait(Wait::Absence)
            }
        }
    }
}

fn on_deleted(stored: Option<&Account>, at: Timestamp) -> Decision<Account> {
    let Some(stored) = stored else {
        return Decision::Apply(Effect::nothing());
    };
    // Repeated until it succeeds: a crash may have left something.
    let mut steps = vec![Step::EraseAccount];
    let working = stored.service_account.as_ref();
    if working.is_some_and(|service_account| service_account.disabled.is_none()) {
        steps.push(Step::DisableServiceAccount);
    }
    let record = stored.deleted.is_none().then(|| Account {
        approval: Approval::None,
        company: None,
        updated: at,
        deleted: Some(at),
        ..stored.clone()
    });
    Decision::Apply(Effect {
        record,
        changes: Vec::new(),
        steps,
    })
}

fn on_found(
    id: &ProcurementAccountId,
    stored: Option<&Account>,
    fetched: &procurement::Account,
    trigger: Trigger,
    now: Timestamp,
) -> Decision<Account> {
    let changed_since = |moment: Timestamp| {
        let changed = fetched.update_time;
        changed.is_some_and(|changed| changed.as_microsecond() > moment.as_microsecond())
    };
    if let Some(deleted) = stored.and_then(|stored| stored.deleted)
        && !changed_since(deleted)
    {
        return Decision::Apply(Effect::steps(vec![Step::EraseAccount]));
    }
    let existing = stored.filter(|stored| stored.deleted.is_none());
    let local = existing.map_or(Approval::None, |existing| existing.approval);
    let sign_up = sign_up_state(fetched);
    let approval = match sign_up {
        SignUpState::Approved => Approval::Approved,
        SignUpState::Rejected => Approval::Rejected,
        // Google took the approval back, as the reset of a test account does: the customer signs up again.
        SignUpState::Pending
            if matches!(local, Approval::Approved | Approval::Rejected)
                && existing.is_some_and(|existing| changed_since(existing.updated)) =>
        {
            Approval::None
        }
        SignUpState::Pending | SignUpState::Unclear => local,
    };
    let record = match existing {
        Some(existing) if existing.approval == approval => None,
        Some(existing) => Some(Account {
            approval,
            updated: now,
            ..existing.clone()
        }),
        None => Some(new_account(id, approval, now)),
    };
    let mut steps = Vec::new();
    if approval == Approval::Approving && sign_up == SignUpState::Pending {
        steps.push(Step::Approval(ApprovalStep::ApproveAccount));
    }
    if approval == Approval::Approved && (record.is_some() || trigger != Trigger::Reconciliation) {
        steps.push(Step::ApproveHeld);
    }
    Decision::Apply(Effect {
        record,
        changes: Vec::new(),
        steps,
    })
}
