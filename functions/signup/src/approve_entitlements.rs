//! Entitlements that wait although their account is approved.

use customer_entry::Entry;
use marketplace::{At, ErrorChain};
use store::{Entitlement, Landing};

use crate::handler::Handler;

impl Handler {
    /// An earlier visit may have been cut off before it approved them.
    pub(crate) async fn approve_waiting(&self, entry: &Entry, landing: &Landing, at: At) {
        let mut stored = landing.entitlements.iter();
        if stored.any(|stored| stored.record.waits_for_approval()) {
            self.approve_held(entry, &[], at).await;
        }
    }

    /// An entitlement that cannot be approved now is approved later; the customer need not wait for it.
    pub(crate) async fn approve_held(&self, entry: &Entry, fetched: &[Entitlement], at: At) {
        let account = entry.account();
        let approved = self.approvals.approve_held(account, fetched, at.deadline);
        if let Err(error) = approved.await {
            tracing::warn!(
                account_id = %account,
                error = %ErrorChain(&error),
                "entitlements wait for their approval"
            );
        }
    }
}
