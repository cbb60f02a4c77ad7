//! The decisions about accounts as tables.

use approval::ApprovalStep;
use marketplace::{AccountState, ApprovalState};
use outbox::News;
use store::{Account, Approval, Closed, ClosedBecause, Rejecting};

use super::entitlement::event;
use super::records::{account, account_id, at, effect, provider, with_service_account};
use crate::decide::{
    Absent, AccountRules, Decision, Effect, ResourceAnswer, Step, StoredAccount, on_account,
};
use crate::{EventType, Trigger};

pub(super) fn google(approval: Option<ApprovalState>, updated: i64) -> procurement::Account {
    let approvals = approval.map(|state| procurement::Approval {
        name: procurement::Approval::SIGN_UP.to_owned(),
        state,
        reason: None,
        update_time: None,
    });
    procurement::Account {
        id: account_id(),
        state: AccountState::Active,
        approvals: approvals.into_iter().collect(),
        create_time: Some(at(0)),
        update_time: Some(at(updated)),
        reseller_parent_billing_account: None,
        input_properties: serde_json::Map::new(),
    }
}

pub(super) fn decided(
    stored: Option<&Account>,
    answer: &ResourceAnswer<procurement::Account>,
    trigger: Trigger,
) -> Decision<Account> {
    let known = StoredAccount {
        account: stored,
        orders: &[],
    };
    on(known, answer, trigger)
}

pub(super) fn on(
    known: StoredAccount<'_>,
    answer: &ResourceAnswer<procurement::Account>,
    trigger: Trigger,
) -> Decision<Account> {
    let rules = AccountRules {
        provider: &provider(),
        now: at(10),
    };
    on_account(&account_id(), known, answer, trigger, rules)
}

const KINDS: [EventType; 3] = [
    EventType::AccountCreationRequested,
    EventType::AccountActive,
    EventType::AccountDeleted,
];

#[test]
fn the_local_state_follows_google_s() {
    use Approval as A;
    let pending = Some(ApprovalState::Pending);
    let unclear = Some(ApprovalState::Other("NEW".to_owned()));
    let approved = Some(ApprovalState::Approved);
    let rejected = Some(ApprovalState::Rejected);
    let held = || vec![Step::ApproveHeld];
    let approve = || vec![Step::Approval(ApprovalStep::ApproveAccount)];
    // Google's approval, what is stored before and after, what is done.
    let table = [
        (pending.clone(), None, A::None, vec![]),
        (pending.clone(), Some(A::None), A::None, vec![]),
        (pending, Some(A::Approving), A::Approving, approve()),
        (unclear.clone(), None, A::None, vec![]),
        (unclear.clone(), Some(A::Approving), A::Approving, vec![]),
        (unclear, Some(A::Approved), A::Approved, held()),
        (None, Some(A::Rejected), A::Rejected, vec![]),
        (approved.clone(), None, A::Approved, held()),
        (approved.clone(), Some(A::None), A::Approved, held()),
        (approved.clone(), Some(A::Approving), A::Approved, held()),
        (approved.clone(), Some(A::Approved), A::Approved, held()),
        (approved, Some(A::Rejected), A::Approved, held()),
        (rejected.clone(), None, A::Rejected, vec![]),
        (rejected.clone(), Some(A::Approving), A::Rejected, vec![]),
        (rejected, Some(A::Approved), A::Rejected, vec![]),
    ];
    for (approval, local, expected, steps) in table {
        for kind in KINDS {
            let stored = local.map(account);
            let answer = ResourceAnswer::Found(google(approval.clone(), 5));
            let decision = decided(stored.as_ref(), &answer, event(kind, 5));
            let effect = effect(decision);
            assert_eq!(effect.steps, steps, "{approval:?} {local:?}");
            let stands = effect.record.as_ref().or(stored.as_ref());
            assert_eq!(stands.map(|account| account.approval), Some(expected));
            assert_eq!(effect.record.is_some(), local != Some(expected));
        }
    }
}

#[test]
fn an_approval_taken_back_at_google_is_taken_back_here() {
    for local in [Approval::Approved, Approval::Rejected] {
        let stored = Account {
            updated: at(5),
            ..account(local)
        };
        let approval = |updated| {
            let answer = ResourceAnswer::Found(google(Some(ApprovalState::Pending), updated));
            let decision = decided(Some(&stored), &answer, Trigger::Reconciliation);
            effect(decision).record.map(|record| record.approval)
        };
        assert_eq!(approval(6), Some(Approval::None));
        // Read before the approval that is stored.
        assert_eq!(approval(5), None);
    }
}

#[test]
fn an_answer_older_than_the_event_is_not_recorded() {
    for kind in KINDS {
        let answer = ResourceAnswer::Found(google(Some(ApprovalState::Approved), 4));
        let decision = decided(None, &answer, event(kind, 5));
        assert_eq!(decision, Decision::Older);
    }
}

#[test]
fn a_closed_account_keeps_its_data_and_loses_its_service_account() {
    let stored = Account {
        company: Some("Example".to_owned()),
        ..with_service_account(account(Approval::Approved), None)
    };
    let answer = ResourceAnswer::Absent(Absent::Confirmed, at(9));
    let closing = effect(decided(Some(&stored), &answer, Trigger::Reconciliation));
    assert_eq!(closing.steps, [Step::DisableServiceAccount]);
    assert_eq!(closing.journal.len(), 1);
    let closed = closing.record.unwrap();
    let expected = Account {
        approval: Approval::None,
        updated: at(9),
        closed: Some(Closed {
            at: at(9),
            because: ClosedBecause::Absent,
        }),
        ..stored
    };
    assert_eq!(closed, expected);
    // Again until it has succeeded.
    let again = effect(decided(Some(&closed), &answer, Trigger::Reconciliation));
    assert_eq!(again, Effect::steps(vec![Step::DisableServiceAccount]));
}

#[test]
fn an_account_that_google_deleted_is_reopened_by_newer_news_alone() {
    let closed = |because| Account {
        closed: Some(Closed { at: at(5), because }),
        ..account(Approval::None)
    };
    let by_earlier_version = Account {
        erased: Some(at(5)),
        ..account(Approval::None)
    };
    let pending = || Some(ApprovalState::Pending);
    let reopens = |account: &Account, updated| {
        let answer = ResourceAnswer::Found(google(pending(), updated));
        let decision = decided(Some(account), &answer, event(EventType::AccountActive, 5));
        effect(decision)
            .record
            .is_some_and(|account| !account.is_closed())
    };
    assert!(reopens(&closed(ClosedBecause::Absent), 5));
    for deleted in [closed(ClosedBecause::Deleted), by_earlier_version] {
        assert!(!reopens(&deleted, 5));
        assert!(reopens(&deleted, 6));
    }
}

#[test]
fn an_account_that_google_calls_deleted_is_closed() {
    let mut deleted = google(Some(ApprovalState::Approved), 5);
    deleted.state = AccountState::Other("ACCOUNT_DELETED".to_owned());
    let stored = account(Approval::Approved);
    for trigger in [Trigger::Reconciliation, event(EventType::AccountDeleted, 5)] {
        let answer = ResourceAnswer::Found(deleted.clone());
        let record = effect(decided(Some(&stored), &answer, trigger))
            .record
            .unwrap();
        let because = record.closed.map(|closed| closed.because);
        assert_eq!(because, Some(ClosedBecause::Deleted), "{trigger:?}");
    }
}

#[test]
fn an_approval_on_its_way_is_rejected_again_and_a_later_one_is_followed() {
    let rejected = |confirmed: Option<i64>| Account {
        rejecting: Some(Rejecting {
            since: at(-10_000),
            confirmed: confirmed.map(at),
            refused: None,
        }),
        ..account(Approval::Rejected)
    };
    let approved = ResourceAnswer::Found(google(Some(ApprovalState::Approved), 5));
    for (confirmed, is_followed) in [(None, false), (Some(-580), false), (Some(-590), true)] {
        let stored = rejected(confirmed);
        let effect = effect(decided(Some(&stored), &approved, Trigger::Reconciliation));
        if is_followed {
            let record = effect.record.unwrap();
            assert_eq!(
                (record.approval, record.rejecting),
                (Approval::Approved, None)
            );
            assert_eq!(effect.journal.len(), 1);
        } else {
            assert_eq!(effect.steps, [Step::RejectAccount], "{confirmed:?}");
            assert_eq!(effect.record, None);
        }
    }
    // Google refused the rejection, and has confirmed nothing: the time runs from there.
    for (refused, is_followed) in [(-580, false), (-590, true)] {
        let mut stored = rejected(None);
        stored.rejecting.as_mut().unwrap().refused = Some(at(refused));
        let effect = effect(decided(Some(&stored), &approved, Trigger::Reconciliation));
        let step = if is_followed {
            Step::ApproveHeld
        } else {
            Step::RejectAccount
        };
        assert_eq!(effect.steps, [step], "{refused}");
        assert_eq!(effect.journal.len(), usize::from(is_followed), "{refused}");
    }
    let pending = ResourceAnswer::Found(google(Some(ApprovalState::Pending), 5));
    let unfinished = effect(decided(
        Some(&rejected(None)),
        &pending,
        Trigger::Reconciliation,
    ));
    assert_eq!(unfinished.steps, [Step::RejectAccount]);
    let says_so = ResourceAnswer::Found(google(Some(ApprovalState::Rejected), 5));
    let done = effect(decided(
        Some(&rejected(None)),
        &says_so,
        Trigger::Reconciliation,
    ));
    let rejecting = done.record.unwrap().rejecting.unwrap();
    assert_eq!(rejecting.confirmed, Some(at(10)));
}

#[test]
fn the_sign_up_is_told_by_the_commit_that_stores_the_approval() {
    for (local, approval, is_told) in [
        (Approval::Approving, ApprovalState::Approved, true),
        (Approval::None, ApprovalState::Approved, false),
        (Approval::Approved, ApprovalState::Approved, false),
        (Approval::Approving, ApprovalState::Rejected, false),
    ] {
        let stored = account(local);
        let answer = ResourceAnswer::Found(google(Some(approval.clone()), 5));
        let effect = effect(decided(Some(&stored), &answer, Trigger::Reconciliation));
        let expected = Vec::from_iter(is_told.then_some(News::SignedUp));
        assert_eq!(effect.news, expected, "{local:?} {approval:?}");
    }
}
