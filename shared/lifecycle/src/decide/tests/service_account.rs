//! When a customer's service account is disabled, as tables.

use approval::ApprovalPolicy;
use marketplace::{EntitlementId, EntitlementState as State};
use store::{Account, Approval, Entitlement};

use super::entitlement::decided;
use super::records::{account, at, entitlement, found, states, with_service_account};
use crate::Trigger;
use crate::decide::{Absence, Decision, GoogleAnswer, Step, StoredState};

#[test]
fn the_service_account_is_disabled_when_the_last_access_ends() {
    let approved = account(Approval::Approved);
    let working = with_service_account(approved.clone(), None);
    let disabled = with_service_account(approved.clone(), Some(at(1)));
    let other = Entitlement {
        id: EntitlementId::parse("E-2").unwrap(),
        ..entitlement(&State::PendingCancellation, 1)
    };
    let ends = |account: &Account, others: &[Entitlement], state: &State| {
        let stored = entitlement(state, 5);
        let known = StoredState {
            account: Some(account),
            entitlement: Some(&stored),
            others,
        };
        // Nothing changes: it is done again until it has succeeded.
        let decision = decided(
            known,
            &found(state, 5),
            Trigger::Reconciliation,
            ApprovalPolicy::Auto,
        );
        matches!(decision, Decision::Apply(effect) if effect.steps == [Step::DisableServiceAccount])
    };
    for state in states() {
        let ended = matches!(state, State::Cancelled | State::Suspended);
        assert_eq!(ends(&working, &[], &state), ended, "{state:?}");
        assert!(!ends(&working, std::slice::from_ref(&other), &state));
        assert!(!ends(&disabled, &[], &state));
        assert!(!ends(&approved, &[], &state));
    }
}

#[test]
fn the_service_account_is_disabled_at_the_end_of_access_whatever_the_record_says() {
    let disabled = with_service_account(account(Approval::Approved), Some(at(1)));
    let other = Entitlement {
        id: EntitlementId::parse("E-2").unwrap(),
        ..entitlement(&State::Active, 1)
    };
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
            GoogleAnswer::Absent(Absence::Confirmed, at(5)),
        ] {
            let trigger = Trigger::Reconciliation;
            let decision = decided(known, &answer, trigger, ApprovalPolicy::Auto);
            let Decision::Apply(effect) = decision else {
                panic!("{before:?}");
            };
            let expected = Vec::from_iter(disables.then_some(Step::DisableServiceAccount));
            assert_eq!(effect.steps, expected, "{before:?}");
        }
    }
}
