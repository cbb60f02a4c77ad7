//! What Google says of accounts and orders, where it is not what the simulator does by itself.

use marketplace::{EntitlementId, ProcurementAccountId};
use serde_json::{Value, json};

use crate::function::TestFunction;

impl TestFunction {
    /// A resource's name, such as of `accounts/{id}`.
    pub(crate) fn name_of(&self, resource: &str) -> String {
        format!(
            "providers/{}/{resource}",
            self.simulator.settings().provider
        )
    }

    /// An account as Google would describe it with this approval.
    pub(crate) fn described_account(&self, id: &ProcurementAccountId, approval: &str) -> Value {
        let account = self.simulator.account(id).unwrap();
        json!({
            "name": self.name_of(&format!("accounts/{id}")),
            "state": "ACCOUNT_ACTIVE",
            "approvals": [{ "name": "signup", "state": approval }],
            "createTime": account.create_time,
            "updateTime": account.update_time,
        })
    }

    /// An order as Google describes it, but for these fields.
    pub(crate) fn described_order(&self, id: &EntitlementId, changes: &Value) -> Value {
        let order = self.simulator.entitlement(id).unwrap();
        let mut description = json!({
            "name": self.name_of(&format!("entitlements/{id}")),
            "account": self.name_of(&format!("accounts/{}", order.account)),
            "productExternalName": order.product,
            "plan": order.plan,
            "offer": order.offer,
            "state": order.state.as_str(),
            "createTime": order.create_time,
            "updateTime": order.update_time,
        });
        if let Some(id) = order.usage_reporting_id {
            description["usageReportingId"] = id.into();
        }
        for (field, value) in changes.as_object().unwrap() {
            description[field] = value.clone();
        }
        description
    }

    /// From now on these fields of an order are others at Google, which lists no other order.
    pub(crate) fn change_at_google(&self, id: &EntitlementId, changes: &Value) {
        let description = self.described_order(id, changes);
        self.describe(&format!("entitlements/{id}"), description.clone());
        self.describe("entitlements", json!({ "entitlements": [description] }));
    }
}
