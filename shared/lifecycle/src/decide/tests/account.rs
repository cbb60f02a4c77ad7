//! The decisions about accounts as tables.

use approval::ApprovalStep;
use marketplace::{AccountState, ApprovalState};
use store::{Account, Approval};

use super::records::{account, account_id, at, with_service_account};
use crate::decide::{Absence, Decision, Effect, GoogleAnswer, Step, Wait, on_account};
use crate::{EventType, Trigger};

fn event(kind: EventType, announced: i64) -> Trigger {
    Trigger::Event {
        kind,
        announced: Some(at(announced)),
    }
}

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
    answer: &GoogleAnswer<procurement::Account>,
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
    let held = || vec![Step::ApproveHeld];
    // Google's approval, what is stored, what is stored steps, what is done.
    let table = [
        (pending.clone(), None, A::None, vec![]),
        (pending.clone(), Some(A::None), A::None, vec![]),
        (
            pending.clone(),
            Some(A::Approving),
            A::Approving,
            vec![Step::Approval(ApprovalStep::ApproveAccount)],
        ),
        (unclear.clone(), None, A::None, vec![]),
        (unclear.clone(), Some(A::Approving), A::Approving, vec![]),
        (unclear, Some(A::Approved), A::Approved, held()),
        (None, Some(A::Rejected), A::Rejected, vec![]),
        (Some(ApprovalState::Approved), None, A::Approved, held()),
        (
            Some(ApprovalState::Approved),
            Some(A::None),
            A::Approved,
            held(),
        ),
        (
            Some(ApprovalState::Approved),
            Some(A::Approving),
            A::Approved,
            held(),
        ),
        (
            Some(ApprovalState::Approved),
            Some(A::Approved),
            A::Approved,
            held(),
        ),
        (
            Some(ApprovalState::Approved),
            Some(A::Rejected),
            A::Approved,
            held(),
        ),
        (Some(ApprovalState::Rejected), None, A::Rejected, vec![]),
        (
            Some(ApprovalState::Rejected),
            Some(A::Approving),
            A::Rejected,
            vec![],
        ),
        (
            Some(ApprovalState::Rejected),
            Some(A::Approved),
            A::Rejected,
            vec![],
        ),
    ];
    for (approval, local, expected, steps) in table {
        for kind in KINDS {
            let stored = local.map(account);
            let answer = GoogleAnswer::Found(google(approval.clone(), 5));
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
            let answer = GoogleAnswer::Found(google(Some(ApprovalState::Pending), updated));
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
        let answer = GoogleAnswer::Found(google(Some(ApprovalState::Approved), 4));
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
            let answer = GoogleAnswer::Absent(absence, at(9));
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
                let record = Some(tombstone.clone());
                assert_eq!(
                    decision,
                    Decision::Apply(Effect {
                        record,
                        ..leftovers
                    })
                );
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
    let answer = |updated| GoogleAnswer::Found(google(Some(ApprovalState::Pending), updated));
    let older = decided(
        Some(&tombstone),
        &answer(5),
        event(EventType::AccountActive, 5),
    );
    let steps = vec![Step::EraseAccount];
    assert_eq!(
        older,
        Decision::Apply(Effect {
            steps,
            ..Effect::nothing()
        })
    );
    let newer = decided(
        Some(&tombstone),
        &answer(6),
        event(EventType::AccountActive, 5),
    );
    let Decision::Apply(Effect {
        record: Some(record),
        ..
    }) = newer
    else {
        panic!("{newer:?}");
    };
    assert_eq!((record.approval, record.deleted), (Approval::None, None));
}

#[test]
fn an_account_that_google_calls_deleted_is() {
    let mut deleted = google(Some(ApprovalState::Approved), 5);
    deleted.state = AccountState::Other("ACCOUNT_DELETED".to_owned());
    let stored = account(Approval::Approved);
    for trigger in [Trigger::Reconciliation, event(EventType::AccountDeleted, 5)] {
        let decision = decided(
            Some(&stored),
            &GoogleAnswer::Found(deleted.clone()),
            trigger,
        );
        let Decision::Apply(effect) = decision else {
            panic!("{trigger:?}");
        };
        assert_eq!(
            effect.record.and_then(|record| record.deleted),
            Some(at(10))
        );
    }
}
