//! Accounts whose customers are not let in: the reasons, and the text of the page for each.

use function_runtime::{Failure, Rejection};

/// Why customers of this account are not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefusedAccount {
    /// An operator refused the account.
    #[error("the account was rejected")]
    Rejected,
    /// The account was closed. Signing up reopens it; login does not.
    #[error("the account was closed")]
    Deleted,
    /// Nothing is stored of the account.
    #[error("the account is not registered")]
    NotRegistered,
    /// The account waits for its sign-up or its approval.
    #[error("the account is not approved yet")]
    NotApprovedYet,
}

impl Failure for RefusedAccount {
    fn rejection(&self) -> Rejection {
        match self {
            Self::Rejected => Rejection::forbidden(
                "account-rejected",
                "This account cannot be used here. Please contact us and we will sort it out.",
            ),
            Self::Deleted => Rejection::forbidden(
                "account-deleted",
                "This account was closed. To come back, choose a plan on the product's page in \
                 Google Cloud Marketplace and press the register button there.",
            ),
            Self::NotRegistered => Rejection::forbidden(
                "not-registered",
                "Your company is not registered with us yet. Open the product's page in Google \
                 Cloud Marketplace, choose a plan if you have none, and press the register button \
                 there.",
            ),
            // 403 as the others: the customer is not let in, and nothing has failed that somebody must repair.
            Self::NotApprovedYet => Rejection::forbidden(
                "approval-under-way",
                "If somebody of your company has registered, its account is being set up with Google. \
                 That usually takes less than an hour; if it takes longer, please contact us. If \
                 nobody has registered yet, open the product's page in Google Cloud Marketplace and \
                 press the register button there.",
            ),
        }
    }
}
