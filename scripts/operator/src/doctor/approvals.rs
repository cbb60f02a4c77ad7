//! Whether customers and orders wait that should have been approved.

use std::collections::BTreeSet;

use marketplace::{ApprovalState, EntitlementState};
use operations::{CustomerLists, Operations};

use super::deployment::{Deployment, SIGNUP};
use super::finding::{Finding, or_fine};
use crate::advice;

/// Who approves orders: `APPROVAL_POLICY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ApprovalPolicy {
    Auto,
    Manual,
    Unknown,
}

/// What waits, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    /// Customers who signed up and are pending at Google.
    accounts: usize,
    /// Orders whose account is approved.
    ready: usize,
    /// Orders whose account signed up and is pending.
    too_early: usize,
    /// Orders whose account was rejected.
    rejected: usize,
}

pub(super) async fn check(operations: &Operations, deployment: &Deployment) -> Vec<Finding> {
    let policy = match deployment.variable(SIGNUP, "APPROVAL_POLICY") {
        Ok("manual") => ApprovalPolicy::Manual,
        Ok(_) => ApprovalPolicy::Auto,
        Err(_) => ApprovalPolicy::Unknown,
    };
    match operations.customer_lists().await {
        Ok(lists) => or_fine(
            judge(count(&lists), policy),
            "nothing waits that should not",
        ),
        Err(error) => {
            let what = "what waits could not be read";
            vec![Finding::unknown(what, advice::on(&error))]
        }
    }
}

fn count(lists: &CustomerLists) -> Counts {
    let signed_up: BTreeSet<_> = lists.signed_up.iter().map(|it| &it.id).collect();
    let mut counts = Counts {
        accounts: signed_up.len(),
        ..Counts::default()
    };
    for entitlement in &lists.entitlements {
        if entitlement.state != EntitlementState::ActivationRequested {
            continue;
        }
        match lists.approvals.get(&entitlement.account) {
            Some(ApprovalState::Approved) => counts.ready += 1,
            Some(ApprovalState::Rejected) => counts.rejected += 1,
            Some(ApprovalState::Pending) if signed_up.contains(&entitlement.account) => {
                counts.too_early += 1;
            }
            // Bought, and not registered yet: only the customer can go on.
            _ => {}
        }
    }
    counts
}

fn judge(counts: Counts, policy: ApprovalPolicy) -> Vec<Finding> {
    let mut found = Vec::new();
    let Counts {
        accounts,
        ready,
        too_early,
        rejected,
    } = counts;
    if accounts > 0 {
        found.push(Finding::problem(
            format!(
                "{accounts} customers have signed up and wait: their account was not approved at \
                 Google. {too_early} of their orders wait for that, since an order cannot be \
                 approved before its account"
            ),
            "most likely signup's account is not linked (see Procurement API above); it is tried \
             again at the next reconciliation\n\
             at once: operator waiting, then operator approve account ID, and only then \
             operator approve entitlement ID",
        ));
    }
    if ready > 0 && policy != ApprovalPolicy::Manual {
        found.push(Finding::problem(
            format!("{ready} orders wait although their account is approved"),
            "if they came this minute, look again; else the Procurement API refuses the function, or \
             nothing calls /reconcile (see above)\n\
             at once: operator waiting, then operator approve entitlement ID",
        ));
    } else if ready > 0 {
        found.push(Finding::fine(format!(
            "{ready} orders wait for your decision (APPROVAL_POLICY is manual): operator waiting"
        )));
    }
    if rejected > 0 {
        found.push(Finding::problem(
            format!("{rejected} orders wait of accounts that were rejected: they stay so"),
            "operator waiting, then operator reject entitlement ID --reason TEXT, or \
             operator approve account ID",
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use marketplace::ProcurementAccountId;
    use operations::WaitingAccount;
    use procurement::Entitlement;
    use serde_json::{from_value, json};

    use super::super::finding::tests::assert_cause;
    use super::*;

    #[test]
    fn orders_are_counted_by_the_state_of_their_account() {
        let id = |id: &str| ProcurementAccountId::parse(id).unwrap();
        let order = |account: &str, state: &str| -> Entitlement {
            let account = format!("providers/p/accounts/{account}");
            from_value(
                json!({"name": "providers/p/entitlements/e", "account": account, "state": state}),
            )
            .unwrap()
        };
        let waits = "ENTITLEMENT_ACTIVATION_REQUESTED";
        let approvals = [
            (id("done"), ApprovalState::Approved),
            (id("out"), ApprovalState::Rejected),
            (id("signed"), ApprovalState::Pending),
            (id("bought"), ApprovalState::Pending),
        ];
        let orders = [
            order("done", waits),
            order("done", "ENTITLEMENT_ACTIVE"),
            order("out", waits),
            order("signed", waits),
            order("bought", waits),
            order("gone", waits),
        ];
        let expected = Counts {
            accounts: 1,
            ready: 1,
            too_early: 1,
            rejected: 1,
        };
        let lists = CustomerLists {
            approvals: approvals.into(),
            entitlements: orders.into(),
            of_other_products: BTreeMap::new(),
            signed_up: vec![WaitingAccount {
                id: id("signed"),
                unverified_company: None,
                signed_up: Timestamp::UNIX_EPOCH,
            }],
            unreadable: BTreeMap::new(),
            unreadable_stored: 0,
        };
        assert_eq!(count(&lists), expected);
    }

    #[test]
    fn what_waits_by_the_vendor_s_own_will_is_no_problem() {
        use ApprovalPolicy::{Auto, Manual, Unknown};
        let (none, ready) = (
            Counts::default(),
            Counts {
                ready: 2,
                ..Counts::default()
            },
        );
        let early = Counts {
            accounts: 1,
            too_early: 1,
            ..none
        };
        for (counts, policy, part) in [
            (none, Auto, ""),
            (ready, Manual, "fine"),
            (ready, Auto, "2 orders wait"),
            (ready, Unknown, "2 orders wait"),
            (early, Manual, "before its account"),
        ] {
            assert_cause(judge(counts, policy), part);
        }
    }
}
