//! The lists of what waits, as text.

use marketplace::ApprovalState;
use operations::{Waiting, WaitingAccount, WaitingEntitlement};

use crate::table::table;

pub(crate) fn text(waiting: &Waiting) -> String {
    let parts = [
        section("Sign-ups", &waiting.accounts, accounts_table),
        section("Orders", &waiting.entitlements, orders_table),
        section("Plan changes", &waiting.plan_changes, plan_changes_table),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return "Nothing waits.".to_owned();
    }
    parts.join("\n\n")
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
            cell(account.unverified_company.as_ref()),
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
            cell(
                entitlement
                    .account_approval
                    .as_ref()
                    .map(ApprovalState::as_str),
            ),
            cell(entitlement.product.as_ref()),
            cell(entitlement.plan.as_ref()),
            cell(entitlement.since.as_ref()),
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
            cell(entitlement.plan.as_ref()),
            cell(entitlement.pending_plan.as_ref()),
            cell(entitlement.since.as_ref()),
        ]
    });
    let head = ["ENTITLEMENT", "ACCOUNT", "FROM", "TO", "SINCE"];
    table(head, &rows.collect::<Vec<_>>())
}

fn cell<T: ToString + ?Sized>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), T::to_string)
}
