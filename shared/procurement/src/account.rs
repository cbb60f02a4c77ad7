//! A customer's account.

use jiff::Timestamp;
use marketplace::{AccountState, ApprovalState, ProcurementAccountId};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::fields::{id_in_name, if_readable, list, optional, or_empty, unspecified};

/// A customer's account with this provider: schema `Account` of the discovery document.
///
/// The approval says whether the customer has signed up, never the state: accounts are active from the start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// From `name`, `providers/{provider}/accounts/{id}`.
    #[serde(rename = "name", deserialize_with = "id_in_name")]
    pub id: ProcurementAccountId,
    /// Whether the customer is in good standing.
    #[serde(default = "unspecified")]
    pub state: AccountState,
    /// What waits for the vendor or was decided by the vendor.
    #[serde(default, deserialize_with = "list")]
    pub approvals: Vec<Approval>,
    /// When the account was created.
    #[serde(default, deserialize_with = "optional")]
    pub create_time: Option<Timestamp>,
    /// When the account last changed.
    #[serde(default, deserialize_with = "optional")]
    pub update_time: Option<Timestamp>,
    /// The reseller's billing account, `billingAccounts/{id}`; only in the full view.
    #[serde(default, deserialize_with = "if_readable")]
    pub reseller_parent_billing_account: Option<String>,
    /// What was collected from the customer. Deprecated by Google, and not for the log.
    #[serde(default, deserialize_with = "or_empty")]
    pub input_properties: Map<String, Value>,
}

/// A step that the provider grants or refuses: schema `Approval`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// Which step; see [`Approval::SIGN_UP`].
    #[serde(default)]
    pub name: String,
    /// What was decided about it.
    #[serde(default = "unspecified")]
    pub state: ApprovalState,
    /// Why, in the vendor's words.
    #[serde(default, deserialize_with = "if_readable")]
    pub reason: Option<String>,
    /// When it last changed.
    #[serde(default, deserialize_with = "optional")]
    pub update_time: Option<Timestamp>,
}

impl Account {
    /// The approval of this name.
    pub fn approval(&self, name: &str) -> Option<&Approval> {
        self.approvals.iter().find(|approval| approval.name == name)
    }
}

impl Approval {
    /// The customer has signed up with the vendor.
    pub const SIGN_UP: &'static str = "signup";
}
