//! An order as Google describes it, in the form in which it is stored.

use jiff::Timestamp;
use marketplace::{EntitlementState, PlanId, ProviderId};
use store::{Entitlement, Unruled};

/// An order as Google describes it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleOrder {
    /// What is stored of it.
    pub record: Entitlement,
    /// The plan that the customer asked to change to.
    pub pending_plan: Option<PlanId>,
    /// Whether the customer sees a message of ours while they wait.
    pub has_message: bool,
}

impl GoogleOrder {
    /// Reads what Google says about an entitlement of this provider. `None` if no product can be read.
    pub fn read(entitlement: &procurement::Entitlement, provider: &ProviderId) -> Option<Self> {
        let product = entitlement.product_id();
        let record = Entitlement {
            id: entitlement.id.clone(),
            provider: Some(provider.clone()),
            account: entitlement.account.clone(),
            product: product.or_else(|| entitlement.product_in_offer())?,
            plan: entitlement.plan.clone(),
            offer: entitlement.offer.clone(),
            state: entitlement.state.clone(),
            usage_reporting_id: entitlement.usage_reporting_id.clone(),
            create_time: stored_time(entitlement.create_time),
            // Google always sends it; without it, nothing newer is ever replaced.
            update_time: stored_time(entitlement.update_time),
            subscription_end: entitlement
                .subscription_end_time
                .map(|end| stored_time(Some(end))),
            starts: entitlement
                .new_offer_start_time
                .filter(|_| entitlement.state == EntitlementState::ActivationRequested)
                .map(|start| stored_time(Some(start))),
            unruled: unruled(entitlement),
            absent: None,
            deleted: None,
            absence_confirmed: None,
        };
        Some(Self {
            record,
            pending_plan: entitlement.new_pending_plan.clone(),
            has_message: entitlement.message_to_user.is_some(),
        })
    }
}

/// Why no rule says what to do about an order, also while it does not wait.
///
/// The one that says most comes first: a product that only the offer names matters until the order is approved, the
/// others afterwards too.
fn unruled(entitlement: &procurement::Entitlement) -> Option<Unruled> {
    match entitlement.state {
        EntitlementState::Other(_) => Some(Unruled::UnknownState),
        EntitlementState::PendingPlanChangeApproval if entitlement.new_pending_plan.is_none() => {
            Some(Unruled::ChangeWithoutPlan)
        }
        _ => entitlement
            .product_in_offer()
            .map(|_| Unruled::ProductOnlyInOffer),
    }
}

/// A time at the precision at which it is stored, so that what was stored compares equal.
fn stored_time(time: Option<Timestamp>) -> Timestamp {
    let micros = time.map(Timestamp::as_microsecond);
    let time = micros.map(Timestamp::from_microsecond);
    time.and_then(Result::ok).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const OFFER: &str = "projects/1/services/ours/privateOffers/o";

    fn read(fields: &Value) -> Option<GoogleOrder> {
        let mut json = json!({
            "name": "providers/example-partner/entitlements/E-1",
            "account": "providers/example-partner/accounts/A-1",
            "state": "ENTITLEMENT_ACTIVE",
        });
        for (field, value) in fields.as_object().unwrap() {
            json[field] = value.clone();
        }
        let entitlement = serde_json::from_value(json).unwrap();
        GoogleOrder::read(&entitlement, &ProviderId::parse("example-partner").unwrap())
    }

    fn unruled(fields: &Value) -> Option<Unruled> {
        read(fields).unwrap().record.unruled
    }

    #[test]
    fn an_order_is_recorded_with_its_provider_and_product() {
        let order = read(&json!({"productExternalName": "ours"})).unwrap();
        let provider = order.record.provider.as_ref().map(ProviderId::as_str);
        assert_eq!(provider, Some("example-partner"));
        assert_eq!(order.record.product.as_str(), "ours");
        assert_eq!(order.record.unruled, None);
    }

    #[test]
    fn an_order_without_any_product_is_not_read() {
        assert_eq!(read(&json!({})), None);
        assert_eq!(read(&json!({"product": "quotes/q"})), None);
    }

    #[test]
    fn a_product_only_in_the_offer_is_read_and_fits_no_rule() {
        for fields in [
            json!({"product": OFFER}),
            json!({"offer": OFFER}),
            json!({"product": OFFER, "state": "ENTITLEMENT_ACTIVATION_REQUESTED"}),
        ] {
            let record = read(&fields).unwrap().record;
            assert_eq!(record.product.as_str(), "ours", "{fields}");
            assert_eq!(
                record.unruled,
                Some(Unruled::ProductOnlyInOffer),
                "{fields}"
            );
        }
        let named = json!({"productExternalName": "ours", "product": OFFER, "offer": OFFER});
        assert_eq!(unruled(&named), None);
    }

    #[test]
    fn a_change_that_names_no_plan_fits_no_rule() {
        let mut change = json!({
            "productExternalName": "ours",
            "state": "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL",
            "newPendingOffer": OFFER,
        });
        assert_eq!(unruled(&change), Some(Unruled::ChangeWithoutPlan));
        change["newPendingPlan"] = json!("Pro\u{202e}plan");
        assert_eq!(unruled(&change), Some(Unruled::ChangeWithoutPlan));
        for plan in ["pro", "Pro plan (annual)"] {
            change["newPendingPlan"] = json!(plan);
            assert_eq!(unruled(&change), None, "{plan}");
        }
        change["newPendingPlan"] = json!(null);
        change["state"] = json!("ENTITLEMENT_PENDING_PLAN_CHANGE");
        assert_eq!(unruled(&change), None);
    }

    #[test]
    fn a_state_that_is_not_documented_fits_no_rule() {
        for state in EntitlementState::KNOWN {
            let fields = json!({
                "productExternalName": "ours",
                "newPendingPlan": "pro",
                "state": state.as_str(),
            });
            assert_eq!(unruled(&fields), None, "{state:?}");
        }
        let new = json!({"product": OFFER, "state": "ENTITLEMENT_PAUSED"});
        assert_eq!(unruled(&new), Some(Unruled::UnknownState));
    }
}
