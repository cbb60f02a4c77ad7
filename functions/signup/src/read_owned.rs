//! What is stored of a customer, once it is known whose store it is.

use customer_entry::Entry;
use marketplace::At;
use store::Landing;

use crate::handler::Handler;
use crate::sign_up_fault::SignUpFault;

impl Handler {
    /// What is stored of this customer. Nothing may be stored or approved in a store of another provider, so every
    /// route comes by here first. Whose it is, is asked beside the rest, and at most once a minute.
    pub(crate) async fn read_owned(&self, entry: &Entry, at: At) -> Result<Landing, SignUpFault> {
        let (owned, landing) = tokio::join!(
            self.approvals.ownership().ensure(at),
            self.entrance.read(entry, at),
        );
        owned?;
        Ok(landing?)
    }
}
