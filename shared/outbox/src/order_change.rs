//! What has changed for the customer between two states of an order.

use jiff::Timestamp;
use marketplace::{Access, EntitlementState, PlanId};
use store::Entitlement;

/// One change that matters to the vendor's application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderChange {
    /// An entitlement came into force.
    AccessGranted,
    /// Another plan is in force.
    PlanChanged {
        /// The plan before.
        previous: Option<PlanId>,
    },
    /// The end of the subscription, or the offer, is another one.
    TermsChanged,
    /// The entitlement will end with its term.
    CancellationScheduled,
    /// The cancellation was taken back.
    CancellationReverted,
    /// The entitlement ended, and the account has access by another one.
    OrderEnded,
    /// The last entitlement in force ended.
    AccessEnded,
}

/// What has changed for the customer between what was stored and what Google says now.
///
/// If Google was asked late, several events may be reported as one change, the last.
pub fn order_changes(
    before: Option<&Entitlement>,
    after: &Entitlement,
    access: Access,
) -> Vec<OrderChange> {
    let was_live = before.is_some_and(|before| before.state.is_live());
    let ends =
        |entitlement: &Entitlement| entitlement.state == EntitlementState::PendingCancellation;
    let mut changes = Vec::new();
    match (was_live, after.state.is_live()) {
        (false, false) => {}
        (true, false) if access == Access::Live => changes.push(OrderChange::OrderEnded),
        (true, false) => changes.push(OrderChange::AccessEnded),
        (false, true) => changes.push(OrderChange::AccessGranted),
        (true, true) => {
            let previous = before.and_then(|before| before.plan.clone());
            if previous != after.plan {
                changes.push(OrderChange::PlanChanged { previous });
            }
        }
    }
    if after.state.is_live() {
        match (before.is_some_and(ends), ends(after)) {
            (false, true) => changes.push(OrderChange::CancellationScheduled),
            (true, false) => changes.push(OrderChange::CancellationReverted),
            _ => {}
        }
    }
    // Every other change carries the terms, too.
    if changes.is_empty() && was_live && before.is_some_and(|before| terms(before) != terms(after))
    {
        changes.push(OrderChange::TermsChanged);
    }
    changes
}

/// What the application knows of an order beside its state and plan.
fn terms(order: &Entitlement) -> (Option<Timestamp>, Option<&str>) {
    (order.subscription_end, order.offer.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{at, entitlement};

    fn found(
        before: Option<&Entitlement>,
        after: &Entitlement,
        others: &[Entitlement],
    ) -> Vec<OrderChange> {
        let states = others.iter().chain([after]).map(|order| &order.state);
        order_changes(before, after, Access::from_states(states))
    }

    #[test]
    fn every_pair_of_states_has_its_changes() {
        use EntitlementState as S;
        for before in S::KNOWN {
            for after in S::KNOWN {
                let expected = match (before.is_live(), after.is_live()) {
                    (true, false) => vec![OrderChange::AccessEnded],
                    (false, true) if after == &S::PendingCancellation => {
                        vec![
                            OrderChange::AccessGranted,
                            OrderChange::CancellationScheduled,
                        ]
                    }
                    (false, true) => vec![OrderChange::AccessGranted],
                    (true, true) if before == after => vec![],
                    (true, true) if after == &S::PendingCancellation => {
                        vec![OrderChange::CancellationScheduled]
                    }
                    (true, true) if before == &S::PendingCancellation => {
                        vec![OrderChange::CancellationReverted]
                    }
                    _ => vec![],
                };
                let pair = (entitlement(before, 1), entitlement(after, 2));
                let found = found(Some(&pair.0), &pair.1, &[]);
                assert_eq!(found, expected, "{before:?} → {after:?}");
            }
        }
    }

    #[test]
    fn an_order_that_ends_beside_another_ends_no_access() {
        let before = entitlement(&EntitlementState::Active, 1);
        let after = entitlement(&EntitlementState::Cancelled, 2);
        let other = entitlement(&EntitlementState::Active, 1);
        let changes = found(Some(&before), &after, std::slice::from_ref(&other));
        assert_eq!(changes, [OrderChange::OrderEnded]);
    }

    #[test]
    fn a_change_of_plan_names_the_plan_before() {
        let before = entitlement(&EntitlementState::PendingPlanChange, 1);
        let after = Entitlement {
            plan: PlanId::parse("premium").ok(),
            ..entitlement(&EntitlementState::Active, 2)
        };
        let previous = before.plan.clone();
        assert_eq!(
            found(Some(&before), &after, &[]),
            [OrderChange::PlanChanged { previous }]
        );
    }

    #[test]
    fn another_end_of_the_subscription_or_another_offer_is_told_once() {
        let before = entitlement(&EntitlementState::Active, 1);
        let renewed = Entitlement {
            subscription_end: Some(at(9)),
            ..entitlement(&EntitlementState::Active, 2)
        };
        let offered = Entitlement {
            offer: Some("projects/1/services/ours/privateOffers/o1".to_owned()),
            ..renewed.clone()
        };
        assert_eq!(
            found(Some(&before), &renewed, &[]),
            [OrderChange::TermsChanged]
        );
        assert_eq!(found(Some(&renewed), &renewed, &[]), []);
        assert_eq!(
            found(Some(&renewed), &offered, &[]),
            [OrderChange::TermsChanged]
        );
        let ending = Entitlement {
            state: EntitlementState::PendingCancellation,
            ..renewed
        };
        assert_eq!(
            found(Some(&before), &ending, &[]),
            [OrderChange::CancellationScheduled]
        );
    }
}
