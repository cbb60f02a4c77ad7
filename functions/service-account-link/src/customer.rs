//! Whether a customer may have a link.

use marketplace::Access;
use store::{Account, Approval, Store, StoreUnavailable, Stored};

use crate::link_request::LinkRequest;

/// What is stored of one user of one account.
#[derive(Debug, Default)]
pub(crate) struct StoredCustomer(store::Customer);

/// Why a customer gets no link, in the order in which it is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAccess {
    /// Nobody has signed up with this account, and no event named it.
    #[error("nobody has signed up with the account")]
    AccountUnknown,
    /// The account was closed, because Google does not have it any more.
    #[error("the account was closed")]
    AccountDeleted,
    /// This user has neither signed up nor signed in with this account.
    #[error("the user is not linked to the account")]
    UserNotLinked,
    /// An operator refused the account.
    #[error("the account was rejected")]
    AccountRejected,
    /// The sign-up has not been confirmed to Google yet.
    #[error("the account is not approved")]
    AccountNotApproved,
    /// No order is in force yet.
    #[error("no order is in force yet")]
    AccessPending,
    /// All orders have ended.
    #[error("every order has ended")]
    AccessEnded,
}

impl StoredCustomer {
    /// Reads everything in one parallel round trip.
    pub(crate) async fn read(
        store: &Store,
        request: LinkRequest<'_>,
    ) -> Result<Self, StoreUnavailable> {
        let found = store.customer(request.account, request.user, request.at.deadline);
        Ok(Self(found.await?))
    }

    /// What is stored of the account, also without access.
    pub(crate) fn account(&self) -> Option<&Stored<Account>> {
        self.0.account.as_ref()
    }

    /// The account, if the user is linked to it and it has live access.
    ///
    /// A link alone gives nothing: approval and orders are looked at each time. Every stored order counts: a product
    /// that is not served any more ends no access.
    pub(crate) fn entitled(&self) -> Result<&Stored<Account>, NoAccess> {
        let account = self.0.account.as_ref().ok_or(NoAccess::AccountUnknown)?;
        if account.record.is_closed() {
            return Err(NoAccess::AccountDeleted);
        }
        if self.0.link.is_none() {
            return Err(NoAccess::UserNotLinked);
        }
        match account.record.approval {
            Approval::Approved => {}
            Approval::Rejected => return Err(NoAccess::AccountRejected),
            Approval::None | Approval::Approving => return Err(NoAccess::AccountNotApproved),
        }
        let orders = self.0.entitlements.iter().map(|stored| &stored.record);
        match account.record.access(orders) {
            Access::Live => Ok(account),
            Access::Pending => Err(NoAccess::AccessPending),
            Access::Ended => Err(NoAccess::AccessEnded),
        }
    }
}
