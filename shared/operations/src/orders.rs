//! The decision about an order.

use marketplace::{ApprovalState, EntitlementId, EntitlementState};
use procurement::Entitlement;

use crate::actor::Actor;
use crate::decision::Prepared;
use crate::entitlement_decision::{EntitlementChange, EntitlementDecision};
use crate::error::OperationError;
use crate::next_step::NextStep;
use crate::operations::{Operations, product_of};
use crate::text::with_plan;

impl Operations {
    /// Approves an order; its account must be approved before.
    pub async fn approve_order(
        &self,
        id: &EntitlementId,
        by: &Actor,
    ) -> Result<Prepared<EntitlementDecision<'_>>, OperationError> {
        let entitlement = self.served_entitlement(id).await?;
        if entitlement.state.is_live() {
            let state = entitlement.state.as_str();
            let note = format!("Entitlement {id} needs no approval: it is {state}.");
            return Ok(Prepared::nothing(vec![note]));
        }
        expect_waiting(&entitlement)?;
        let account = &entitlement.account;
        let approval = self.sign_up_state(account).await?;
        if approval != ApprovalState::Approved {
            let reason = format!(
                "the account {account} of this entitlement is {} at Google and must be approved \
                 before: wait until the customer has signed up, or approve the account",
                approval.as_str()
            );
            let step = NextStep::ApproveAccount(account.clone());
            return Err(OperationError::instead(reason, step));
        }
        let intention = format!("This approves {}.", order(&entitlement));
        Ok(self.about_entitlement(entitlement, EntitlementChange::ApproveOrder, intention, by))
    }

    /// Rejects an order, which ends it.
    pub async fn reject_order(
        &self,
        id: &EntitlementId,
        reason: String,
        by: &Actor,
    ) -> Result<Prepared<EntitlementDecision<'_>>, OperationError> {
        let entitlement = self.served_entitlement(id).await?;
        expect_waiting(&entitlement)?;
        let order = order(&entitlement);
        let intention = format!("This rejects {order}, for the reason: {reason}");
        let change = EntitlementChange::RejectOrder { reason };
        Ok(self.about_entitlement(entitlement, change, intention, by))
    }
}

fn expect_waiting(entitlement: &Entitlement) -> Result<(), OperationError> {
    if entitlement.state == EntitlementState::ActivationRequested {
        return Ok(());
    }
    let (id, state) = (&entitlement.id, entitlement.state.as_str());
    Err(OperationError::not_applicable(format!(
        "entitlement {id} does not wait for approval: it is {state}"
    )))
}

fn order(entitlement: &Entitlement) -> String {
    let Entitlement { id, account, .. } = entitlement;
    let plan = with_plan(entitlement.plan.as_ref());
    let product = product_of(entitlement);
    let product = product.map_or_else(String::new, |product| format!(" of {product}"));
    format!("the order {id}{product}{plan}, of account {account}")
}
