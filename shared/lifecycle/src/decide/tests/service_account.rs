//! When a customer's service account is disabled, as tables.

use marketplace::{EntitlementId, EntitlementState as State};
use store::{Account, Approval, Entitlement};

use super::entitlement::reconciled;
use super::records::{account, at, effect, entitlement, found, states, with_service_account};
use crate::decide::{Absent, ResourceAnswer, Step, StoredState};

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
