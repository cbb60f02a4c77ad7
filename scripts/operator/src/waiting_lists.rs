//! The lists of what waits, as text.

use marketplace::ApprovalState;
use operations::{DecidedWhere, UnruledOrder, Waiting, WaitingAccount, WaitingEntitlement};

use crate::table::{section, table};

pub(crate) fn text(waiting: &Waiting) -> String {
    let (all, accounts) = (usize::MAX, &waiting.accounts);
    let (orders, changes) = (&waiting.entitlements, &waiting.plan_changes);
    let parts = [
        section("Sign-ups that wait", accounts, all, accounts_table),
        section("Orders that wait", orders, all, orders_table),
        section("Plan changes that wait", changes, all, plan_changes_table),
        section("No rule fits", &waiting.unruled, all, unruled_table),
    ];
    let mut parts: Vec<_> = parts.into_iter().flatten().collect();
    let others = not_configured(waiting);
    if parts.is_empty() && others.is_none() {
        return "Nothing waits.".to_owned();
    }
    if parts.is_empty() {
        parts.push("Nothing that is of PRODUCTS waits.".to_owned());
    }
    parts.extend(others);
    parts.join("\n\n")
}

/// What `PRODUCTS` leaves out, perhaps by a mistake.
fn not_configured(waiting: &Waiting) -> Option<String> {
    let others = waiting.not_configured.iter();
    let others = others.map(|(product, count)| format!("  {product}: {count}"));
    let others: Vec<_> = others.collect();
    (!others.is_empty()).then(|| {
        format!(
            "Orders of products that are not among PRODUCTS, which are left out here:\n{}",
            others.join("\n")
        )
    })
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
    let rows = entitlements.iter().map(|it| {
        let approval = it.account_approval.as_ref();
        [
            it.id.to_string(),
            it.account.to_string(),
            cell(approval.map(ApprovalState::as_str)),
            cell(it.product.as_ref()),
            cell(it.plan.as_ref()),
            cell(it.since.as_ref()),
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

fn unruled_table(orders: &[UnruledOrder]) -> String {
    let rows = orders.iter().map(|order| {
        let decided = match order.decided {
            DecidedWhere::Here => format!("operator approve entitlement {}", order.id),
            DecidedWhere::ProducerPortal => "in Producer Portal".to_owned(),
        };
        [
            order.id.to_string(),
            order.account.to_string(),
            order.state.clone(),
            order.why.to_owned(),
            decided,
            cell(order.since.as_ref()),
        ]
    });
    let head = ["ENTITLEMENT", "ACCOUNT", "STATE", "WHY", "DECIDED", "SINCE"];
    table(head, &rows.collect::<Vec<_>>())
}

fn cell<T: ToString + ?Sized>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".to_owned(), T::to_string)
}
