//! What waits for the operator under the manual policy.

use google_calls::Causes;
use jiff::Timestamp;
use marketplace::EntitlementState;
use store::{Approval, Entitlement};

use super::Reconciled;
use crate::{ApprovalPolicy, FollowError, Follower};
use marketplace::At;

/// More are not counted: an operator who has so many before him is told of them anyway.
const MOST: usize = 500;

impl Follower {
    /// Counts what waits, from the store: what a round has yet to look at was looked at before.
    pub(super) async fn count_waiting(&self, done: &mut Reconciled, at: At) {
        if self.approvals.policy() == ApprovalPolicy::Auto {
            return;
        }
        match self.waiting(at).await {
            Ok(waiting) => {
                let since = waiting.iter().map(waits_since).min();
                let seconds = since.map(|since| at.now.duration_since(since).as_secs());
                done.waiting = Some(waiting.len());
                done.oldest_waiting_s = seconds.map(|seconds| seconds.max(0));
            }
            Err(error) => tracing::warn!(
                error = %Causes(&error),
                "what waits for the operator could not be counted"
            ),
        }
    }

    /// Orders and plan changes of approved accounts: the others wait for their customer.
    async fn waiting(&self, at: At) -> Result<Vec<Entitlement>, FollowError> {
        let (orders, changes) = (
            EntitlementState::ActivationRequested,
            EntitlementState::PendingPlanChangeApproval,
        );
        let (orders, changes) = tokio::try_join!(
            self.store.entitlements_in(&orders, MOST, at.deadline),
            self.store.entitlements_in(&changes, MOST, at.deadline),
        )?;
        let mut waiting: Vec<_> = orders
            .into_iter()
            .chain(changes)
            .map(|it| it.record)
            .collect();
        waiting.retain(|it| self.approvals.products().serves(&it.product) && it.starts.is_none());
        let owners = waiting.iter().map(|it| &it.account);
        let mut accounts = self.store.accounts(owners, at.deadline).await?;
        accounts.retain(|account| {
            account.record.approval == Approval::Approved && account.record.deleted.is_none()
        });
        waiting.retain(|it| {
            accounts
                .iter()
                .any(|account| account.record.id == it.account)
        });
        Ok(waiting)
    }
}

/// An order since it was bought; a change since Google last changed the order, which asked for it.
fn waits_since(waiting: &Entitlement) -> Timestamp {
    match waiting.state {
        EntitlementState::ActivationRequested => waiting.create_time,
        _ => waiting.update_time,
    }
}
