//! Calls about entitlements.

use marketplace::{Deadline, EntitlementId, ErrorChain, PlanId, ProcurementAccountId};
use serde_json::{Value, json};

use crate::{
    Entitlement, PageToken, Procurement, ProcurementError, ResourcePage, Unavailable,
    UnusableResource, procurement, resource,
};

/// Most pages read for one account. At 200 entitlements each, no account has as many.
const PAGES_OF_ONE_ACCOUNT: usize = 25;

/// All entitlements of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountEntitlements {
    /// What could be read.
    pub entitlements: Vec<Entitlement>,
    /// What could not: one bad entitlement does not hide the others. While there is one, nobody knows all of the
    /// account's orders.
    pub unreadable: Vec<UnusableResource>,
}

impl Procurement {
    /// Reads an entitlement.
    pub async fn entitlement(
        &self,
        id: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Entitlement, ProcurementError> {
        self.resource(id, deadline).await
    }

    /// Reads one page of all entitlements, the first or the one that begins `after`.
    pub async fn entitlements(
        &self,
        after: Option<&PageToken>,
        deadline: Deadline,
    ) -> Result<ResourcePage<Entitlement>, ProcurementError> {
        self.page(after, deadline).await
    }

    /// Reads all entitlements of one account, in any state.
    ///
    /// The answer is filtered again here: what is approved next must be this customer's, even if Google ignores the
    /// filter.
    pub async fn entitlements_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<AccountEntitlements, ProcurementError> {
        let filter = format!("account={account}");
        let mut found = AccountEntitlements::default();
        let mut after = None;
        for _ in 0..PAGES_OF_ONE_ACCOUNT {
            let page = self
                .listed::<Entitlement>(&filter, after.as_ref(), deadline)
                .await?;
            let own = page.resources.into_iter();
            for json in own.filter(|json| belongs_to(json, account)) {
                match resource::parse(&json, self.provider()) {
                    Ok(entitlement) => found.entitlements.push(entitlement),
                    Err(error) => {
                        warn_of(error, account);
                        found.unreadable.push(error);
                    }
                }
            }
            match page.next_page_token {
                None => return Ok(found),
                Some(next) if after.as_ref() == Some(&next) => break,
                Some(next) => after = Some(next),
            }
        }
        Err(Unavailable::EndlessList.into())
    }

    /// Approves an order that waits for the vendor. Its account must be approved before.
    pub async fn approve_entitlement(
        &self,
        id: &EntitlementId,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        self.act::<Entitlement>(id, "approve", &json!({}), deadline)
            .await
    }

    /// Refuses an order that waits for the vendor; Google then removes it.
    pub async fn reject_entitlement(
        &self,
        id: &EntitlementId,
        reason: &str,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let body = json!({ "reason": procurement::reason(reason) });
        self.act::<Entitlement>(id, "reject", &body, deadline).await
    }

    /// Approves the change to `plan`, the entitlement's `new_pending_plan` as it was just read.
    pub async fn approve_plan_change(
        &self,
        id: &EntitlementId,
        plan: &PlanId,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let body = json!({ "pendingPlanName": plan });
        self.act::<Entitlement>(id, "approvePlanChange", &body, deadline)
            .await
    }

    /// Refuses the change to `plan`; the old plan stays.
    pub async fn reject_plan_change(
        &self,
        id: &EntitlementId,
        plan: &PlanId,
        reason: &str,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let body = json!({ "pendingPlanName": plan, "reason": procurement::reason(reason) });
        self.act::<Entitlement>(id, "rejectPlanChange", &body, deadline)
            .await
    }

    /// Sets what Google shows to the customer while the entitlement waits for the vendor.
    pub async fn set_message_to_user(
        &self,
        id: &EntitlementId,
        message: &str,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let body = json!({ "messageToUser": message });
        self.update::<Entitlement>(id, "messageToUser", &body, deadline)
            .await
    }
}

fn warn_of(error: UnusableResource, account: &ProcurementAccountId) {
    tracing::warn!(
        account_id = %account,
        error = %ErrorChain(&error),
        "an entitlement of the account is unreadable and was left out"
    );
}

fn belongs_to(json: &Value, account: &ProcurementAccountId) -> bool {
    let name = json.get("account").and_then(Value::as_str);
    name.and_then(|name| name.rsplit('/').next()) == Some(account.as_str())
}
