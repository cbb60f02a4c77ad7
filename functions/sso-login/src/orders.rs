//! Which of a token's orders a customer may open, by what is stored of them.
//!
//! | stored of an order in the token | listed | may be chosen |
//! |---|---|---|
//! | nothing yet | by its id | yes |
//! | in force, or waiting | yes | yes |
//! | ended, suspended, or purged by Google | yes | no |
//! | a product that this deployment does not serve | no | no |
//! | another account | no | no |
//!
//! An order that is not in the token is not this customer's, even if something is stored of it.

use marketplace::{Access, EntitlementId, EntitlementState, PlanId, ProductId, Products};
use store::Entitlement;
use verification::VerifiedCustomer;

/// The orders of one token that the customer may know of, in the token's order, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Orders(Vec<Order>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The order's id, which is its entitlement's.
    pub(crate) id: EntitlementId,
    /// What is stored of it.
    pub(crate) stored: Option<StoredOrder>,
    /// Whether it can be chosen.
    pub(crate) standing: Standing,
}

/// What is stored of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredOrder {
    pub(crate) product: ProductId,
    pub(crate) plan: Option<PlanId>,
    pub(crate) state: EntitlementState,
}

/// Whether an order can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing stored contradicts it.
    Open,
    /// It gives no access any more.
    Ended,
}

/// What is there to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Nothing: the token names no order, or none that still counts.
    Nothing,
    /// This one, and no other.
    One(EntitlementId),
    /// The customer has to say which.
    Several,
}

/// The order cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotToBeChosen;

impl Orders {
    /// The customer's orders by what is stored. `stored` holds the account's entitlements, and
    /// those of the token's orders that are stored under another account.
    pub(crate) fn of<'a>(
        customer: &VerifiedCustomer,
        stored: &(impl Iterator<Item = &'a Entitlement> + Clone),
        products: &Products,
    ) -> Self {
        let mut orders: Vec<Order> = Vec::new();
        for id in customer.orders() {
            if orders.iter().any(|order| order.id == *id) {
                continue;
            }
            let found = stored.clone().find(|entitlement| entitlement.id == *id);
            let foreign = found.is_some_and(|found| {
                found.account != *customer.account() || !products.serves(&found.product)
            });
            if !foreign {
                orders.push(Order::new(id, found));
            }
        }
        Self(orders)
    }

    /// All that the customer may see.
    pub(crate) fn listed(&self) -> &[Order] {
        &self.0
    }

    /// What is there to choose.
    pub(crate) fn choice(&self) -> Choice {
        let mut open = self.open();
        match (open.next(), open.next()) {
            (None, _) => Choice::Nothing,
            (Some(only), None) => Choice::One(only.clone()),
            (Some(_), Some(_)) => Choice::Several,
        }
    }

    /// Whether this order can be chosen.
    pub(crate) fn is_open(&self, order: &EntitlementId) -> bool {
        self.open().any(|open| open == order)
    }

    /// The order that the customer chose in the form, if it can be chosen. Where nothing is left to
    /// choose, the customer goes on without.
    pub(crate) fn chosen(
        &self,
        unverified_order: Option<&str>,
    ) -> Result<Option<EntitlementId>, NotToBeChosen> {
        if self.open().next().is_none() {
            return Ok(None);
        }
        let chosen = unverified_order.and_then(|text| self.open().find(|id| id.as_str() == text));
        chosen.cloned().map(Some).ok_or(NotToBeChosen)
    }

    fn open(&self) -> impl Iterator<Item = &EntitlementId> {
        let open = self.0.iter().filter(|o| o.standing == Standing::Open);
        open.map(|order| &order.id)
    }
}

impl Order {
    fn new(id: &EntitlementId, stored: Option<&Entitlement>) -> Self {
        let ended = stored.is_some_and(|stored| {
            stored.deleted.is_some() || Access::from_states([&stored.state]) == Access::Ended
        });
        Self {
            id: id.clone(),
            stored: stored.map(|stored| StoredOrder {
                product: stored.product.clone(),
                plan: stored.plan.clone(),
                state: stored.state.clone(),
            }),
            standing: if ended {
                Standing::Ended
            } else {
                Standing::Open
            },
        }
    }

    /// The state as the customer reads it.
    pub(crate) fn state(&self) -> &'static str {
        let Some(stored) = &self.stored else {
            return "new";
        };
        match (&stored.state, self.standing) {
            (EntitlementState::Suspended, _) => "suspended",
            (_, Standing::Ended) => "ended",
            (EntitlementState::ActivationRequested, _) => "being set up",
            (EntitlementState::Active, _) => "in force",
            (EntitlementState::PendingCancellation, _) => {
                "in force, cancelled for the end of its term"
            }
            (
                EntitlementState::PendingPlanChange | EntitlementState::PendingPlanChangeApproval,
                _,
            ) => "in force, its plan is about to change",
            (EntitlementState::Cancelled | EntitlementState::Other(_), _) => "not known",
        }
    }
}

#[cfg(test)]
mod tests;
