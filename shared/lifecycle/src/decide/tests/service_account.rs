//! When a customer's service account is disabled, as tables.

use marketplace::{ApprovalState, EntitlementId, EntitlementState as State};
use store::{Account, Approval, Closed, ClosedBecause, Entitlement};

use super::account::{google, on};
use super::entitlement::reconciled;
use super::records::{account, at, effect, entitlement, found, states, with_service_account};
use crate::Trigger;
use crate::decide::{Absent, Effect, ResourceAnswer, Step, StoredAccount, StoredState};

fn another(state: &State) -> Entitlement {
    Entitlement {
        id: EntitlementId::parse("E-2").unwrap(),
        ..entitlement(state, 1)
    }
}

#[test]
fn the_service_account_is_disabled_when_the_last_access_ends() {
    let approved = account(Approval::Approved);
    let working = with_service_account(approved.clone(), None);
    let disabled = with_service_account(approved.clone(), Some(at(1)));
    // A request set out to enable it, and may still do so.
    let announced = Account {
        enabling: Some(at(2)),
        ..disabled.clone()
    };
    let other = another(&State::PendingCancellation);
    let ends = |account: &Account, others: &[Entitlement], state: &State| {
        let stored = entitlement(state, 5);
        let known = StoredState {
            account: Some(account),
            entitlement: Some(&stored),
            others,
        };
        // Nothing changes: it is done again until it has succeeded.
        let decision = reconciled(known, &found(state, 5));
        effect(decision).steps == [Step::DisableServiceAccount]
    };
    for state in states() {
        let ended = matches!(state, State::Cancelled | State::Suspended);
        assert_eq!(ends(&working, &[], &state), ended, "{state:?}");
        assert_eq!(ends(&announced, &[], &state), ended, "{state:?}");
        assert!(!ends(&working, std::slice::from_ref(&other), &state));
        assert!(!ends(&announced, std::slice::from_ref(&other), &state));
        assert!(!ends(&disabled, &[], &state));
        assert!(!ends(&approved, &[], &state));
    }
}

#[test]
fn the_service_account_is_disabled_at_the_end_of_access_even_if_recorded_so() {
    let disabled = with_service_account(account(Approval::Approved), Some(at(1)));
    let other = another(&State::Active);
    for (before, others, disables) in [
        (State::Active, &[][..], true),
        (State::PendingCancellation, &[], true),
        (State::Active, std::slice::from_ref(&other), false),
        (State::Suspended, &[], false),
        (State::ActivationRequested, &[], false),
    ] {
        let stored = entitlement(&before, 1);
        let known = StoredState {
            account: Some(&disabled),
            entitlement: Some(&stored),
            others,
        };
        for answer in [
            found(&State::Cancelled, 5),
            ResourceAnswer::Absent(Absent::Confirmed, at(5)),
        ] {
            let effect = effect(reconciled(known, &answer));
            let expected = Vec::from_iter(disables.then_some(Step::DisableServiceAccount));
            assert_eq!(effect.steps, expected, "{before:?}");
        }
    }
}

#[test]
fn the_service_account_of_an_account_that_stays_closed_is_disabled_although_google_has_it() {
    let closed = |disabled| Account {
        closed: Some(Closed {
            at: at(5),
            because: ClosedBecause::Deleted,
        }),
        ..with_service_account(account(Approval::None), disabled)
    };
    // Google has changed nothing since it deleted the account.
    let answer = ResourceAnswer::Found(google(Some(ApprovalState::Approved), 5));
    for (disabled, steps) in [
        (None, vec![Step::DisableServiceAccount]),
        (Some(at(6)), vec![]),
    ] {
        let closed = closed(disabled);
        let known = StoredAccount {
            account: Some(&closed),
            orders: &[],
        };
        let decided = effect(on(known, &answer, Trigger::Reconciliation));
        assert_eq!(decided, Effect::steps(steps));
    }
}

#[test]
fn the_service_account_works_only_while_an_order_is_in_force() {
    let working = with_service_account(account(Approval::Approved), None);
    let answer = ResourceAnswer::Found(google(Some(ApprovalState::Approved), 5));
    for state in states() {
        let orders = [entitlement(&state, 1)];
        let known = StoredAccount {
            account: Some(&working),
            orders: &orders,
        };
        let decided = effect(on(known, &answer, Trigger::Reconciliation));
        let disables = decided.steps.contains(&Step::DisableServiceAccount);
        assert_eq!(disables, !state.is_live(), "{state:?}");
    }
}
