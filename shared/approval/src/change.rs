//! What the application is told of an entitlement: what has changed for the customer.

use marketplace::{Access, EntitlementState, PlanId, Products};
use store::Entitlement;

/// One change that matters to the vendor's application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An entitlement came into force.
    AccessGranted,
    /// Another plan is in force.
    PlanChanged {
        /// The plan before.
        previous: Option<PlanId>,
    },
    /// The entitlement will end with its term.
    CancellationScheduled,
    /// It will not, after all.
    CancellationReverted,
    /// The entitlement ended, and the account has access by another one.
    OrderEnded,
    /// The last entitlement in force ended.
    AccessEnded,
}

/// The access an account has by this entitlement and its others, of the served products.
pub(crate) fn access(
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

/// What has changed for the customer between what was stored and what is now.
///
/// Several events may be told as one if Google was asked late; what is told then is true.
pub(crate) fn changes(
    before: Option<&Entitlement>,
    after: &Entitlement,
    access: Access,
) -> Vec<Change> {
    let was_live = before.is_some_and(|before| before.state.is_live());
    let ends =
        |entitlement: &Entitlement| entitlement.state == EntitlementState::PendingCancellation;
    let mut changes = Vec::new();
    match (was_live, after.state.is_live()) {
        (false, false) => {}
        (true, false) if access == Access::Live => changes.push(Change::OrderEnded),
        (true, false) => changes.push(Change::AccessEnded),
        (false, true) => changes.push(Change::AccessGranted),
        (true, true) => {
            let previous = before.and_then(|before| before.plan.clone());
            if previous != after.plan {
                changes.push(Change::PlanChanged { previous });
            }
        }
    }
    if after.state.is_live() {
        match (before.is_some_and(ends), ends(after)) {
            (false, true) => changes.push(Change::CancellationScheduled),
            (true, false) => changes.push(Change::CancellationReverted),
            _ => {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::samples::{entitlement, products, with_plan};

    fn told(
        before: Option<&Entitlement>,
        after: &Entitlement,
        others: &[Entitlement],
    ) -> Vec<Change> {
        changes(before, after, access(after, others, &products()))
    }

    #[test]
    fn every_pair_of_states_tells_what_it_means() {
        use EntitlementState as S;
        for before in S::KNOWN {
            for after in S::KNOWN {
                let expected = match (before.is_live(), after.is_live()) {
                    (true, false) => vec![Change::AccessEnded],
                    (false, true) if after == &S::PendingCancellation => {
                        vec![Change::AccessGranted, Change::CancellationScheduled]
                    }
                    (false, true) => vec![Change::AccessGranted],
                    (true, true) if before == after => vec![],
                    (true, true) if after == &S::PendingCancellation => {
                        vec![Change::CancellationScheduled]
                    }
                    (true, true) if before == &S::PendingCancellation => {
                        vec![Change::CancellationReverted]
                    }
                    _ => vec![],
                };
                let pair = (entitlement(before, 1), entitlement(after, 2));
                let told = told(Some(&pair.0), &pair.1, &[]);
                assert_eq!(told, expected, "{before:?} → {after:?}");
            }
        }
    }

    #[test]
    fn an_order_that_ends_beside_another_ends_no_access() {
        let before = entitlement(&EntitlementState::Active, 1);
        let after = entitlement(&EntitlementState::Cancelled, 2);
        let mut other = entitlement(&EntitlementState::Active, 1);
        let told_beside =
            |other: &Entitlement| told(Some(&before), &after, std::slice::from_ref(other));
        assert_eq!(told_beside(&other), [Change::OrderEnded]);
        other.product = marketplace::ProductId::parse("theirs").unwrap();
        assert_eq!(told_beside(&other), [Change::AccessEnded]);
    }

    #[test]
    fn another_plan_is_told_with_the_one_before() {
        let before = entitlement(&EntitlementState::PendingPlanChange, 1);
        let after = with_plan(entitlement(&EntitlementState::Active, 2), "premium");
        let previous = before.plan.clone();
        assert_eq!(
            told(Some(&before), &after, &[]),
            [Change::PlanChanged { previous }]
        );
    }
}
