//! Whether a customer may use what was bought.

use serde::{Deserialize, Serialize};

use crate::{EntitlementState, ProductId};

/// The access that the entitlements of one account give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// At least one entitlement is in force.
    Live,
    /// None is in force yet.
    Pending,
    /// There were entitlements, and all have ended.
    Ended,
}

impl Access {
    /// The access that entitlements in these states give together.
    ///
    /// "Any entitlement in force", never "the last one heard of": a cancelled order takes nothing
    /// from a customer who has another.
    pub fn from_states<'a>(states: impl IntoIterator<Item = &'a EntitlementState>) -> Self {
        let mut found = Self::Pending;
        let mut waiting = false;
        for state in states {
            match state {
                state if state.is_live() => return Self::Live,
                EntitlementState::Cancelled | EntitlementState::Suspended => found = Self::Ended,
                _ => waiting = true,
            }
        }
        if waiting { Self::Pending } else { found }
    }
}

/// The products one deployment serves. Orders of others are not taken up; what was taken up before stays in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Products(Vec<ProductId>);

impl Products {
    /// At least one product; `None` without.
    pub fn new(products: Vec<ProductId>) -> Option<Self> {
        (!products.is_empty()).then_some(Self(products))
    }

    /// Whether this deployment serves the product.
    pub fn serves(&self, product: &ProductId) -> bool {
        self.0.contains(product)
    }

    /// The product, if there is only one.
    pub fn only(&self) -> Option<&ProductId> {
        let first = self.0.first()?;
        self.0.iter().all(|other| other == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(states: &[&str], expected: Access) {
        let states: Vec<_> = states
            .iter()
            .map(|s| EntitlementState::from(format!("ENTITLEMENT_{s}")))
            .collect();
        assert_eq!(Access::from_states(&states), expected, "{states:?}");
    }

    #[test]
    fn any_entitlement_in_force_gives_access() {
        check(&["CANCELLED", "ACTIVE"], Access::Live);
        check(&["PENDING_CANCELLATION", "CANCELLED"], Access::Live);
        check(
            &["ACTIVATION_REQUESTED", "PENDING_PLAN_CHANGE_APPROVAL"],
            Access::Live,
        );
    }

    #[test]
    fn what_waits_is_pending_also_beside_what_ended() {
        check(&[], Access::Pending);
        check(&["ACTIVATION_REQUESTED"], Access::Pending);
        check(&["CANCELLED", "ACTIVATION_REQUESTED"], Access::Pending);
        check(&["ACTIVATION_REQUESTED", "CANCELLED"], Access::Pending);
        check(&["PAUSED"], Access::Pending);
    }

    #[test]
    fn access_has_ended_when_everything_has() {
        check(&["CANCELLED"], Access::Ended);
        check(&["CANCELLED", "SUSPENDED"], Access::Ended);
    }

    #[test]
    fn only_the_listed_products_are_served() {
        assert_eq!(Products::new(Vec::new()), None);
        let product = ProductId::parse("product").unwrap();
        let products = Products::new(vec![product.clone()]).unwrap();
        assert!(products.serves(&product));
        assert!(!products.serves(&ProductId::parse("other").unwrap()));
    }

    #[test]
    fn only_a_product_without_others_is_the_only_one() {
        let [a, b] = ["a", "b"].map(|id| ProductId::parse(id).unwrap());
        let only = |products| Products::new(products).unwrap().only().cloned();
        assert_eq!(only(vec![a.clone()]), Some(a.clone()));
        assert_eq!(only(vec![a.clone(), a.clone()]), Some(a.clone()));
        assert_eq!(only(vec![a, b]), None);
    }
}
