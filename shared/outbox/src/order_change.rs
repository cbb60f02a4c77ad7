//! What has changed for the customer between two states of an order.

use marketplace::{Access, EntitlementState, PlanId, Products};
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
    /// The entitlement will end with its term.
    CancellationScheduled,
    /// The cancellation was taken back.
    CancellationReverted,
    /// The entitlement ended, and the account has access by another one.
    OrderEnded,
    /// The last entitlement in force ended.
    AccessEnded,
}

/// The access that an account has by this entitlement and its others together, as far as they are of served products.
pub fn access_with(
    entitlement: &Entitlement,
    others: &[Entitlement],
    products: &Products,
) -> Access {
    let served = others
        .iter()
        .chain([entitlement])
        .filter(|entitlement| products.serves(&entitlement.product));
    Access::from_states(served.map(|entitlement| &entitlement.state))
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
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{entitlement, products};

    fn found(
        before: Option<&Entitlement>,
        after: &Entitlement,
        others: &[Entitlement],
    ) -> Vec<OrderChange> {
        order_changes(before, after, access_with(after, others, &products()))
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
        let mut other = entitlement(&EntitlementState::Active, 1);
        let beside =
            |other: &Entitlement| found(Some(&before), &after, std::slice::from_ref(other));
        assert_eq!(beside(&other), [OrderChange::OrderEnded]);
        other.product = marketplace::ProductId::parse("theirs").unwrap();
        assert_eq!(beside(&other), [OrderChange::AccessEnded]);
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
}
