//! The orders that wait for the operator: under the manual policy, and those that fit no rule.

use approval::ApprovalPolicy;
use jiff::Timestamp;
use marketplace::{At, EntitlementState, ErrorChain};
use serde::Serialize;
use store::{Approval, Entitlement, StoreUnavailable, Unruled};

use crate::handler::Handler;

/// More are not counted: an operator with so many waiting orders is warned in any case.
const MOST: usize = 500;

/// Orders and plan changes that wait for the operator.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct WaitingOrders {
    pub(super) waiting: usize,
    /// For how many seconds the oldest of them has waited, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) oldest_waiting_s: Option<i64>,
}

impl Handler {
    /// Counts the waiting orders in the store: the parts that this call did not reach were compared by an earlier
    /// one. None under the automatic policy, or if they could not be counted.
    pub(super) async fn waiting_orders(&self, at: At) -> Option<WaitingOrders> {
        if self.approvals.policy() == ApprovalPolicy::Auto {
            return None;
        }
        match self.read_waiting(at).await {
            Ok(waiting) => {
                let since = waiting.iter().map(waits_since).min();
                let seconds = since.map(|since| at.now.duration_since(since).as_secs());
                Some(WaitingOrders {
                    waiting: waiting.len(),
                    oldest_waiting_s: seconds.map(|seconds| seconds.max(0)),
                })
            }
            Err(error) => {
                tracing::warn!(
                    error = %ErrorChain(&error),
                    "what waits for the operator could not be counted"
                );
                None
            }
        }
    }

    /// How many orders wait and fit no rule, under either policy.
    pub(super) async fn unruled_orders(&self, at: At) -> usize {
        let mut count = 0;
        for reason in Unruled::ALL {
            let found = self.store.unruled_entitlements(reason, MOST, at.deadline);
            match found.await {
                Ok(orders) => {
                    let waiting = orders.iter().filter(|order| order.record.waits_unruled());
                    count += waiting.count();
                }
                Err(error) => tracing::warn!(
                    error = %ErrorChain(&error),
                    "the orders that fit no rule could not be counted"
                ),
            }
        }
        count
    }

    /// Those of approved accounts: the others wait for their customer.
    async fn read_waiting(&self, at: At) -> Result<Vec<Entitlement>, StoreUnavailable> {
        let (orders, changes) = (
            EntitlementState::ActivationRequested,
            EntitlementState::PendingPlanChangeApproval,
        );
        let (orders, changes) = tokio::try_join!(
            self.store.entitlements_in(&orders, MOST, at.deadline),
            self.store.entitlements_in(&changes, MOST, at.deadline),
        )?;
        let waiting = orders.into_iter().chain(changes);
        let mut waiting: Vec<_> = waiting.map(|it| it.record).collect();
        waiting.retain(|it| self.approvals.products().serves(&it.product) && it.starts.is_none());
        let owners = waiting.iter().map(|it| &it.account);
        let mut accounts = self.store.accounts(owners, at.deadline).await?;
        accounts.retain(|account| {
            account.record.approval == Approval::Approved && !account.record.is_closed()
        });
        let owners = accounts.iter().map(|account| &account.record.id);
        waiting.retain(|it| owners.clone().any(|owner| *owner == it.account));
        Ok(waiting)
    }
}

/// An order waits since it was bought; a plan change since Google last changed the order, which is the request.
fn waits_since(waiting: &Entitlement) -> Timestamp {
    match waiting.state {
        EntitlementState::ActivationRequested => waiting.create_time,
        _ => waiting.update_time,
    }
}
