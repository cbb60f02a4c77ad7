//! What the buyer reads while something waits.

use marketplace::{EntitlementId, EntitlementState};

use crate::actor::Actor;
use crate::decision::Prepared;
use crate::entitlement_decision::{EntitlementChange, EntitlementDecision};
use crate::error::OperationError;
use crate::operations::Operations;
use crate::text::one_line;

impl Operations {
    /// Sets what Google shows to the buyer. It takes a message only while the buyer waits for the
    /// vendor (discovery document, field `messageToUser`).
    pub async fn show_message(
        &self,
        id: &EntitlementId,
        text: String,
        by: &Actor,
    ) -> Result<Prepared<EntitlementDecision<'_>>, OperationError> {
        let entitlement = self.served_entitlement(id).await?;
        let waits = matches!(
            entitlement.state,
            EntitlementState::ActivationRequested | EntitlementState::PendingPlanChangeApproval
        );
        if !waits {
            let state = entitlement.state.as_str();
            return Err(OperationError::not_applicable(format!(
                "a message is shown only while something waits, and entitlement {id} is {state}"
            )));
        }
        let before = entitlement.message_to_user.as_ref();
        let before = before.map(|text| format!(" in place of: {}", one_line(text)));
        let before = before.unwrap_or_default();
        let intention = format!("This shows to the customer of entitlement {id}: {text}{before}");
        let change = EntitlementChange::ShowMessage { text };
        Ok(self.about_entitlement(entitlement, change, intention, by))
    }
}
