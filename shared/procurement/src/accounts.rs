//! Calls about accounts.

use marketplace::{Deadline, ProcurementAccountId};
use serde_json::json;

use crate::{
    Account, Approval, PageToken, Procurement, ProcurementError, ResourcePage, procurement,
};

impl Procurement {
    /// Reads an account.
    pub async fn account(
        &self,
        id: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Account, ProcurementError> {
        self.resource(id, deadline).await
    }

    /// Reads one page of all accounts, the first or the one that begins `after`.
    pub async fn accounts(
        &self,
        after: Option<&PageToken>,
        deadline: Deadline,
    ) -> Result<ResourcePage<Account>, ProcurementError> {
        self.page(after, deadline).await
    }

    /// Grants the approval `signup`: the customer has signed up with the vendor.
    pub async fn approve_account(
        &self,
        id: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let body = json!({ "approvalName": Approval::SIGN_UP });
        self.act::<Account>(id, "approve", &body, deadline).await
    }

    /// Refuses the approval `signup`. It can still be granted later.
    pub async fn reject_account(
        &self,
        id: &ProcurementAccountId,
        reason: &str,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let reason = procurement::reason(reason);
        let body = json!({ "approvalName": Approval::SIGN_UP, "reason": reason });
        self.act::<Account>(id, "reject", &body, deadline).await
    }

    /// Resets an account of the vendor's own, for a new test: its approval is pending again and all its
    /// entitlements are cancelled. Google refuses it for customers' accounts.
    pub async fn reset_account(
        &self,
        id: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        self.act::<Account>(id, "reset", &json!({}), deadline).await
    }
}
