//! The lists of what waits, as data and as text.

use jiff::Timestamp;
use marketplace::{ApprovalState, EntitlementId, PlanId, ProcurementAccountId, ProductId};
use procurement::Entitlement;
use serde::Serialize;

use crate::table::table;

/// Everything that waits; its JSON is part of this program's interface.
#[derive(Debug, Default, Serialize)]
pub(super) struct Waiting {
    pub(super) accounts: Vec<WaitingAccount>,
    pub(super) entitlements: Vec<WaitingEntitlement>,
    pub(super) plan_changes: Vec<WaitingEntitlement>,
}

/// A customer who has signed up and whom Google has as pending.
#[derive(Debug, Serialize)]
pub(crate) struct WaitingAccount {
    pub(crate) id: ProcurementAccountId,
    pub(super) unverified_company: Option<String>,
    pub(super) signed_up: Timestamp,
}

#[derive(Debug, Serialize)]
pub(super) struct WaitingEntitlement {
    id: EntitlementId,
    account: ProcurementAccountId,
    /// The account's approval `signup` at Google; none if Google does not list the account.
    account_approval: Option<ApprovalState>,
    product: Option<ProductId>,
    plan: Option<PlanId>,
    pending_plan: Option<PlanId>,
    since: Option<Timestamp>,
    message_to_user: Option<String>,
}

impl WaitingEntitlement {
    pub(super) fn new(entitlement: Entitlement, approval: Option<ApprovalState>) -> Self {
        Self {
            product: entitlement.product_id(),
            id: entitlement.id,
            account: entitlement.account,
            account_approval: approval,
            plan: entitlement.plan,
            pending_plan: entitlement.new_pending_plan,
            since: entitlement.update_time,
            message_to_user: entitlement.message_to_user,
        }
    }
}

impl Waiting {
    pub(super) fn text(&self) -> String {
        let parts = [
            section("Sign-ups", &self.accounts, accounts_table),
            section("Orders", &self.entitlements, orders_table),
            section("Plan changes", &self.plan_changes, plan_changes_table),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            return "Nothing waits.".to_owned();
        }
        parts.join("\n\n")
    }
}

fn section<T>(title: &str, rows: &[T], table: impl Fn(&[T]) -> String) -> Option<String> {
    let count = rows.len();
    (count > 0).then(|| format!("{title} that wait: {count}\n{}", table(rows)))
}

fn accounts_table(accounts: &[WaitingAccount]) -> String {
    let rows = accounts.iter().map(|account| {
        [
            account.id.to_string(),
            account.signed_up.to_string(),
            shown(account.unverified_company.as_ref()),
        ]
    });
    let rows: Vec<_> = rows.collect();
    table(["ACCOUNT", "SIGNED UP", "COMPANY (UNVERIFIED)"], &rows)
}

fn orders_table(entitlements: &[WaitingEntitlement]) -> String {
    let rows = entitlements.iter().map(|entitlement| {
        [
            entitlement.id.to_string(),
            entitlement.account.to_string(),
            shown(
                entitlement
                    .account_approval
                    .as_ref()
                    .map(ApprovalState::as_str),
            ),
            shown(entitlement.product.as_ref()),
            shown(entitlement.plan.as_ref()),
            shown(entitlement.since.as_ref()),
        ]
    });
    let head = [
        "ENTITLEMENT",
        "ACCOUNT",
        "ACCOUNT IS",
        "PRODUCT",
        "PLAN",
        "SINCE",
    ];
    table(head, &rows.collect::<Vec<_>>())
}

fn plan_changes_table(entitlements: &[WaitingEntitlement]) -> String {
    let rows = entitlements.iter().map(|entitlement| {
        [
            entitlement.id.to_string(),
            entitlement.account.to_string(),
            shown(entitlement.plan.as_ref()),
            shown(entitlement.pending_plan.as_ref()),
            shown(entitlement.since.as_ref()),
        ]
    });
    let head = ["ENTITLEMENT", "ACCOUNT", "FROM", "TO", "SINCE"];
    table(head, &rows.collect::<Vec<_>>())
}

fn shown<T: ToString + ?Sized>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), T::to_string)
}
