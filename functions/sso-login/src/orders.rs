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
//! An order that is not in the token is none of this customer's, whatever is stored of it.

use link_store::Entitlement;
use marketplace::{Access, EntitlementId, EntitlementState, PlanId, ProductId, Products};
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
    pub(crate) known: Option<Known>,
    /// Whether it can be chosen.
    pub(crate) standing: Standing,
}

/// What is stored of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
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
            let known = stored.clone().find(|entitlement| entitlement.id == *id);
            let foreign = known.is_some_and(|known| {
                known.account != *customer.account() || !products.serves(&known.product)
            });
            if !foreign {
                orders.push(Order::new(id, known));
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
    fn new(id: &EntitlementId, known: Option<&Entitlement>) -> Self {
        let ended = known.is_some_and(|known| {
            known.deleted.is_some() || Access::from_states([&known.state]) == Access::Ended
        });
        Self {
            id: id.clone(),
            known: known.map(|known| Known {
                product: known.product.clone(),
                plan: known.plan.clone(),
                state: known.state.clone(),
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
        let Some(known) = &self.known else {
            return "new";
        };
        match (&known.state, self.standing) {
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
mod tests {
    use jiff::Timestamp;
    use marketplace::ProcurementAccountId;

    use super::*;
    use crate::samples::{customer, entitlement};

    const OURS: &str = "ours";

    fn products() -> Products {
        Products::new(vec![ProductId::parse(OURS).unwrap()]).unwrap()
    }

    fn id(text: &str) -> EntitlementId {
        EntitlementId::parse(text).unwrap()
    }

    fn orders(in_token: &[&str], stored: &[Entitlement]) -> Orders {
        Orders::of(&customer(in_token), &stored.iter(), &products())
    }

    /// What becomes of the one order of a token of which this is stored.
    #[track_caller]
    fn check(stored: Entitlement, listed: Option<(&str, Standing)>) {
        let orders = orders(&["a"], &[stored]);
        let found = orders.listed().first();
        assert_eq!(found.map(|o| (o.state(), o.standing)), listed, "{orders:?}");
        let open = listed.is_some_and(|(_, standing)| standing == Standing::Open);
        assert_eq!(orders.is_open(&id("a")), open);
        let (choice, chosen) = if open {
            (Choice::One(id("a")), Some(id("a")))
        } else {
            (Choice::Nothing, None)
        };
        assert_eq!(orders.choice(), choice);
        assert_eq!(orders.chosen(Some("a")), Ok(chosen));
    }

    #[test]
    fn an_order_is_open_unless_its_state_ended_it() {
        for (state, shown, standing) in [
            ("ACTIVATION_REQUESTED", "being set up", Standing::Open),
            ("ACTIVE", "in force", Standing::Open),
            (
                "PENDING_CANCELLATION",
                "in force, cancelled for the end of its term",
                Standing::Open,
            ),
            (
                "PENDING_PLAN_CHANGE",
                "in force, its plan is about to change",
                Standing::Open,
            ),
            (
                "PENDING_PLAN_CHANGE_APPROVAL",
                "in force, its plan is about to change",
                Standing::Open,
            ),
            ("CANCELLED", "ended", Standing::Ended),
            ("SUSPENDED", "suspended", Standing::Ended),
            ("PAUSED", "not known", Standing::Open),
        ] {
            let stored = entitlement("a", OURS, state);
            check(stored.clone(), Some((shown, standing)));
            let purged = Entitlement {
                deleted: Some(Timestamp::UNIX_EPOCH),
                ..stored
            };
            let shown = if state == "SUSPENDED" { shown } else { "ended" };
            check(purged, Some((shown, Standing::Ended)));
        }
    }

    #[test]
    fn what_is_not_this_customers_is_not_even_listed() {
        let stored = entitlement("a", OURS, "ACTIVE");
        let of_another = Entitlement {
            account: ProcurementAccountId::parse("another").unwrap(),
            ..stored
        };
        check(of_another, None);
        check(entitlement("a", "theirs", "ACTIVE"), None);
    }

    #[test]
    fn an_order_that_the_store_does_not_know_is_listed_by_its_id() {
        let orders = orders(&["b", "a", "b"], &[]);
        let listed: Vec<_> = orders.listed().iter().map(|o| (&o.id, o.state())).collect();
        assert_eq!(listed, [(&id("b"), "new"), (&id("a"), "new")]);
        assert_eq!(orders.choice(), Choice::Several);
    }

    #[test]
    fn a_token_without_orders_leaves_nothing_to_choose() {
        let orders = orders(&[], &[entitlement("a", OURS, "ACTIVE")]);
        assert_eq!(orders.listed(), []);
        assert_eq!(orders.choice(), Choice::Nothing);
        assert_eq!(orders.chosen(Some("a")), Ok(None));
    }

    #[test]
    fn one_that_is_left_beside_ended_ones_is_the_choice() {
        let stored = [
            entitlement("a", OURS, "CANCELLED"),
            entitlement("b", OURS, "ACTIVE"),
            entitlement("c", "theirs", "ACTIVE"),
        ];
        let orders = orders(&["a", "b", "c"], &stored);
        assert_eq!(orders.choice(), Choice::One(id("b")));
        assert_eq!(orders.listed().len(), 2);
    }

    #[test]
    fn only_an_open_order_of_this_token_is_chosen() {
        let stored = [
            entitlement("a", OURS, "ACTIVE"),
            entitlement("b", OURS, "CANCELLED"),
            entitlement("d", OURS, "ACTIVE"),
        ];
        let orders = orders(&["a", "b", "c"], &stored);
        for open in ["a", "c"] {
            assert_eq!(orders.chosen(Some(open)), Ok(Some(id(open))));
        }
        for refused in [
            None,
            Some("b"),
            Some("d"),
            Some("A"),
            Some(""),
            Some("../a"),
        ] {
            assert_eq!(orders.chosen(refused), Err(NotToBeChosen), "{refused:?}");
        }
    }
}
