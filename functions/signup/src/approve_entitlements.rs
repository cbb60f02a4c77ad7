//! Entitlements that wait although their account is approved.

use approval::{ApprovalError, SignUpVerdict};
use customer_entry::Entry;
use marketplace::{At, ErrorChain, ProcurementAccountId};
use store::{Entitlement, Landing};

use crate::handler::Handler;
use crate::unclear_approval::report_unclear;

impl Handler {
    /// An earlier visit may have been cut off before it approved them. Or Google has taken the account's approval
    /// back, and the customer bought again: this is a sign-up, so the account is approved again.
    pub(crate) async fn approve_waiting(&self, entry: &Entry, landing: &Landing, at: At) {
        let mut stored = landing.entitlements.iter();
        if !stored.any(|stored| stored.record.waits_for_approval()) {
            return;
        }
        let account = entry.account();
        let held = self.approvals.approve_held(account, &[], at.deadline);
        let approved = match held.await {
            Err(ApprovalError::AccountPending) => self.approve_again(account, at).await,
            approved => approved,
        };
        report(account, approved);
    }

    async fn approve_again(
        &self,
        account: &ProcurementAccountId,
        at: At,
    ) -> Result<(), ApprovalError> {
        let fetched = self.approvals.fetch(account, at.deadline).await?;
        let approved = self
            .approvals
            .approve_account(account, &fetched, at.deadline);
        match approved.await? {
            SignUpVerdict::Approved => {
                let orders = &fetched.entitlements;
                self.approvals
                    .approve_held(account, orders, at.deadline)
                    .await
            }
            // What is stored follows with the event about it.
            SignUpVerdict::Rejected => Ok(()),
        }
    }

    /// An entitlement that cannot be approved now is approved later; the customer need not wait for it.
    pub(crate) async fn approve_held(&self, entry: &Entry, fetched: &[Entitlement], at: At) {
        let account = entry.account();
        let approved = self.approvals.approve_held(account, fetched, at.deadline);
        report(account, approved.await);
    }
}

fn report(account: &ProcurementAccountId, approved: Result<(), ApprovalError>) {
    let Err(error) = approved else {
        return;
    };
    report_unclear(account, &error);
    tracing::warn!(
        account_id = %account,
        error = %ErrorChain(&error),
        "entitlements wait for their approval"
    );
}
