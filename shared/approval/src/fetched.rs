//! What Google says about an account and its orders at one moment.

use marketplace::{EntitlementState, Products, ProviderId};
use procurement::AccountEntitlements;
use store::Entitlement;

use crate::GoogleOrder;

/// What Google says about an account at one moment.
#[derive(Debug)]
pub struct Fetched {
    account: procurement::Account,
    /// Its entitlements of the configured products.
    pub entitlements: Vec<Entitlement>,
    /// How many further ones could not be read. While there are any, nobody knows all of the account's orders.
    pub unreadable: usize,
}

impl Fetched {
    /// An account whose entitlements were not asked for.
    pub fn of_account(account: procurement::Account) -> Self {
        Self {
            account,
            entitlements: Vec::new(),
            unreadable: 0,
        }
    }

    /// An account with those of its entitlements that are of the configured products.
    pub(crate) fn new(
        account: procurement::Account,
        listed: &AccountEntitlements,
        provider: &ProviderId,
        products: &Products,
    ) -> Self {
        let mut fetched = Self::of_account(account);
        fetched.unreadable = listed.unreadable.len();
        for entitlement in &listed.entitlements {
            match GoogleOrder::read(entitlement, provider) {
                Some(order) if products.serves(&order.record.product) => {
                    fetched.entitlements.push(order.record);
                }
                Some(_) => {}
                None => fetched.count_without_product(entitlement),
            }
        }
        fetched
    }

    /// The account itself.
    pub fn account(&self) -> &procurement::Account {
        &self.account
    }

    /// Whether an order without a product is one of ours cannot be known. If it has ended, that makes no difference.
    fn count_without_product(&mut self, entitlement: &procurement::Entitlement) {
        if entitlement.state == EntitlementState::Cancelled {
            return;
        }
        self.unreadable += 1;
        tracing::warn!(
            account_id = %entitlement.account,
            entitlement_id = %entitlement.id,
            "an order names no product, so nothing is done about it"
        );
    }
}

#[cfg(test)]
mod tests {
    use procurement::UnusableResource;
    use serde_json::json;

    use super::*;
    use crate::tests::products;

    fn listed(id: &str, product: &str, state: &str) -> procurement::Entitlement {
        let json = json!({
            "name": format!("providers/example-partner/entitlements/{id}"),
            "account": "providers/example-partner/accounts/A-1",
            "product": product,
            "state": state,
        });
        serde_json::from_value(json).unwrap()
    }

    fn fetched(
        entitlements: Vec<procurement::Entitlement>,
        unreadable: Vec<UnusableResource>,
    ) -> (Vec<String>, usize) {
        let account = json!({ "name": "providers/example-partner/accounts/A-1" });
        let listed = AccountEntitlements {
            entitlements,
            unreadable,
        };
        let fetched = Fetched::new(
            serde_json::from_value(account).unwrap(),
            &listed,
            &ProviderId::parse("example-partner").unwrap(),
            &products(),
        );
        let ids = fetched.entitlements.iter().map(|e| e.id.to_string());
        (ids.collect(), fetched.unreadable)
    }

    #[test]
    fn an_unreadable_order_hides_no_other_and_is_counted() {
        let orders = vec![
            listed("E-1", "ours", "ENTITLEMENT_ACTIVE"),
            listed("E-2", "theirs", "ENTITLEMENT_ACTIVE"),
        ];
        let found = fetched(orders, vec![UnusableResource::Fields]);
        assert_eq!(found, (vec!["E-1".to_owned()], 1));
    }

    #[test]
    fn an_order_without_a_product_counts_as_unreadable_until_it_has_ended() {
        let orders = vec![
            listed("E-1", "", "ENTITLEMENT_ACTIVE"),
            listed("E-2", "quotes/q", "ENTITLEMENT_CANCELLED"),
        ];
        assert_eq!(fetched(orders, Vec::new()), (Vec::new(), 1));
    }

    #[test]
    fn an_order_of_ours_only_by_its_offer_is_fetched() {
        let offer = "projects/1/services/ours/privateOffers/o";
        let orders = vec![listed("E-1", offer, "ENTITLEMENT_ACTIVATION_REQUESTED")];
        assert_eq!(fetched(orders, Vec::new()), (vec!["E-1".to_owned()], 0));
        let offer = "projects/1/services/theirs/privateOffers/o";
        let orders = vec![listed("E-1", offer, "ENTITLEMENT_ACTIVATION_REQUESTED")];
        assert_eq!(fetched(orders, Vec::new()), (Vec::new(), 0));
    }
}
