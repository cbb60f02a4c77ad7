//! The decisions about accounts as tables.

use approval::ApprovalStep;
use marketplace::{AccountState, ApprovalState};
use store::{Account, Approval};

use super::entitlement::event;
use super::records::{account, account_id, at, with_service_account};
use crate::decide::{Absence, Decision, Effect, ResourceAnswer, Step, Wait, on_account};
use crate::{EventType, Trigger};

fn google(approval: Option<ApprovalState>, updated: i64) -> procurement::Account {
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

fn decided(
    stored: Option<&Account>,
    answer: &ResourceAnswer<procurement::Account>,
    trigger: Trigger,
) -> Decision<Account> {
    on_account(&account_id(), stored, answer, trigger, at(10))
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
            let Decision::Apply(effect) = decision else {
                panic!("{approval:?} {local:?}");
            };
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
            match decided(Some(&stored), &answer, Trigger::Reconciliation) {
                Decision::Apply(effect) => effect.record.map(|record| record.approval),
                other => panic!("{other:?}"),
            }
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
        assert_eq!(decision, Decision::Wait(Wait::Older));
    }
}

#[test]
fn a_deleted_account_leaves_a_tombstone() {
    let stored = Account {
        company: Some("Example".to_owned()),
        ..with_service_account(account(Approval::Approved), None)
    };
    let tombstone = Account {
        approval: Approval::None,
        company: None,
        updated: at(9),
        deleted: Some(at(9)),
        ..stored.clone()
    };
    let steps = vec![Step::EraseAccount, Step::DisableServiceAccount];
    for kind in KINDS {
        for absence in [Absence::Unconfirmed, Absence::Confirmed] {
            let answer = ResourceAnswer::Absent(absence, at(9));
            let is_final = kind == EventType::AccountDeleted || absence == Absence::Confirmed;
            let decision = decided(Some(&stored), &answer, event(kind, 5));
            let unknown = decided(None, &answer, event(kind, 5));
            // Again until it has succeeded.
            let again = decided(Some(&tombstone), &answer, event(kind, 5));
            let leftovers = Effect {
                steps: steps.clone(),
                ..Effect::nothing()
            };
            assert_eq!(again, Decision::Apply(leftovers.clone()));
            if is_final {
                let erased = Effect {
                    record: Some(tombstone.clone()),
                    ..leftovers
                };
                assert_eq!(decision, Decision::Apply(erased));
                assert_eq!(unknown, Decision::Apply(Effect::nothing()));
            } else {
                assert_eq!(decision, Decision::Wait(Wait::Absence));
                assert_eq!(unknown, Decision::Wait(Wait::Absence));
            }
        }
    }
}

#[test]
fn a_tombstone_is_reopened_by_newer_news_alone() {
    let tombstone = Account {
        deleted: Some(at(5)),
        ..account(Approval::None)
    };
    let answer = |updated| ResourceAnswer::Found(google(Some(ApprovalState::Pending), updated));
    let trigger = event(EventType::AccountActive, 5);
    let erased = Effect {
        steps: vec![Step::EraseAccount],
        ..Effect::nothing()
    };
    let older = decided(Some(&tombstone), &answer(5), trigger);
    assert_eq!(older, Decision::Apply(erased));
    let newer = decided(Some(&tombstone), &answer(6), trigger);
    let Decision::Apply(effect) = newer else {
        panic!("{newer:?}");
    };
    let record = effect.record.unwrap();
    assert_eq!((record.approval, record.deleted), (Approval::None, None));
}

#[test]
fn an_account_that_google_calls_deleted_is() {
    let mut deleted = google(Some(ApprovalState::Approved), 5);
    deleted.state = AccountState::Other("ACCOUNT_DELETED".to_owned());
    let stored = account(Approval::Approved);
    for trigger in [Trigger::Reconciliation, event(EventType::AccountDeleted, 5)] {
        let answer = ResourceAnswer::Found(deleted.clone());
        let Decision::Apply(effect) = decided(Some(&stored), &answer, trigger) else {
            panic!("{trigger:?}");
        };
        assert_eq!(effect.record.unwrap().deleted, Some(at(10)));
    }
}
