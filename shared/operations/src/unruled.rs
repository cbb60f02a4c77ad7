//! Orders and changes that wait, or may wait, and that no rule fits.

use std::collections::BTreeSet;

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId};
use procurement::Entitlement;
use serde::Serialize;
use store::Unruled;

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline, product_of};

/// Stored orders read for one reason: more is a fault of its own.
const LIMIT: usize = 200;

/// An order that waits and fits no rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnruledOrder {
    /// The order.
    pub id: EntitlementId,
    /// Its account.
    pub account: ProcurementAccountId,
    /// What was bought.
    pub product: Option<ProductId>,
    /// Its state.
    pub state: String,
    /// Why no rule fits.
    pub why: &'static str,
    /// Where it can be decided.
    pub decided: DecidedWhere,
    /// When Google last changed it.
    pub since: Option<Timestamp>,
}

/// Where something can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedWhere {
    /// By approving or rejecting the order here.
    Here,
    /// Only in Producer Portal.
    ProducerPortal,
}

impl Operations {
    /// Those of these orders that no rule fits, and the stored ones that Google's list does not have.
    pub(crate) async fn unruled(
        &self,
        listed: &[Entitlement],
    ) -> Result<Vec<UnruledOrder>, OperationError> {
        let mut found: Vec<_> = listed.iter().filter_map(unruled).collect();
        let listed: BTreeSet<_> = listed.iter().map(|entitlement| &entitlement.id).collect();
        for reason in Unruled::ALL {
            let stored = self
                .store
                .unruled_entitlements(reason, LIMIT, call_deadline());
            let stored = stored.await?.into_iter().map(|stored| stored.record);
            let others = stored.filter(|order| {
                !listed.contains(&order.id) && order.waits_unruled() && order.is_of(&self.provider)
            });
            found.extend(others.map(|order| UnruledOrder {
                since: Some(order.update_time),
                product: Some(order.product),
                state: order.state.as_str().to_owned(),
                id: order.id,
                account: order.account,
                why: reason.as_str(),
                decided: reason.into(),
            }));
        }
        Ok(found)
    }
}

fn unruled(entitlement: &Entitlement) -> Option<UnruledOrder> {
    let reason = reason(entitlement)?;
    Some(UnruledOrder {
        id: entitlement.id.clone(),
        account: entitlement.account.clone(),
        product: product_of(entitlement),
        state: entitlement.state.as_str().to_owned(),
        why: reason.as_str(),
        decided: reason.into(),
        since: entitlement.update_time,
    })
}

fn reason(entitlement: &Entitlement) -> Option<Unruled> {
    match &entitlement.state {
        EntitlementState::Other(_) => Some(Unruled::UnknownState),
        EntitlementState::PendingPlanChangeApproval => {
            let has_plan = entitlement.new_pending_plan.is_some();
            (!has_plan).then_some(Unruled::ChangeWithoutPlan)
        }
        EntitlementState::ActivationRequested => {
            let has_product = entitlement.product_id().is_some();
            (!has_product).then_some(Unruled::ProductOnlyInOffer)
        }
        _ => None,
    }
}

impl From<Unruled> for DecidedWhere {
    fn from(reason: Unruled) -> Self {
        match reason {
            Unruled::ProductOnlyInOffer => Self::Here,
            Unruled::ChangeWithoutPlan | Unruled::UnknownState => Self::ProducerPortal,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    fn entitlement(state: &str, plan: Option<&str>, product: Option<&str>) -> Entitlement {
        from_value(json!({
            "name": "providers/p/entitlements/e",
            "account": "providers/p/accounts/a",
            "state": state,
            "newPendingPlan": plan,
            "productExternalName": product,
        }))
        .unwrap()
    }

    #[test]
    fn what_waits_and_fits_no_rule_has_a_reason() {
        let change = "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL";
        let order = "ENTITLEMENT_ACTIVATION_REQUESTED";
        for (state, plan, product, expected) in [
            (change, None, Some("ours"), Some(Unruled::ChangeWithoutPlan)),
            (change, Some("plan"), Some("ours"), None),
            (order, None, None, Some(Unruled::ProductOnlyInOffer)),
            (order, None, Some("ours"), None),
            (
                "ENTITLEMENT_PAUSED",
                None,
                Some("ours"),
                Some(Unruled::UnknownState),
            ),
            ("ENTITLEMENT_ACTIVE", None, None, None),
        ] {
            let found = reason(&entitlement(state, plan, product));
            assert_eq!(found, expected, "{state} {plan:?} {product:?}");
        }
    }
}
