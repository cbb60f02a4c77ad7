//! Asks Google for accounts and orders, and approves accounts. When Google answers "precondition failed", the resource
//! is read again instead of guessing what it means.

use marketplace::{Deadline, ProcurementAccountId, Products};
use procurement::{Procurement, ProcurementError};
use store::{Ownership, Store, StoreUnavailable};

use crate::whether_to_approve::{SignUpState, reports_no_sign_up, sign_up_state};
use crate::{ApprovalPolicy, Fetched};

/// Approves accounts and entitlements.
#[derive(Clone)]
pub struct Approvals {
    procurement: Procurement,
    store: Store,
    products: Products,
    policy: ApprovalPolicy,
    ownership: Ownership,
}

/// What Google says about an account's sign-up in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpVerdict {
    /// It is approved, by this call or before.
    Approved,
    /// An operator refused it.
    Rejected,
}

/// Why an approval could not be finished now. What was stored stays, and the next sign-up, event or reconciliation
/// continues from there.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    /// Google could not be asked, or refused us.
    #[error("a call of the Procurement API failed")]
    Procurement(#[from] ProcurementError),
    /// The account is neither pending, nor approved, nor rejected.
    #[error("the account's approval `signup` is in an unknown state")]
    Unclear,
    /// Google took the approval of the account back, as the reset of a test account does, and refuses its orders. The
    /// visit or event that finds it so begins again with the account.
    #[error("the account's approval `signup` is pending again at Google")]
    AccountPending,
    /// The store could not be asked.
    #[error("the entitlements that wait for approval could not be read")]
    Store(#[from] StoreUnavailable),
}

impl Approvals {
    /// Approvals by this policy, only for these products.
    pub fn new(
        procurement: Procurement,
        store: Store,
        products: Products,
        policy: ApprovalPolicy,
    ) -> Self {
        let ownership = Ownership::new(store.clone(), procurement.provider().clone());
        Self {
            procurement,
            store,
            products,
            policy,
            ownership,
        }
    }

    /// Connects to the Procurement API ahead of the first use.
    pub async fn warm_up(&self) {
        self.procurement.warm_up().await;
    }

    /// The configured products.
    pub fn products(&self) -> &Products {
        &self.products
    }

    /// Whether entitlements are approved without an operator.
    pub fn policy(&self) -> ApprovalPolicy {
        self.policy
    }

    /// The store that held entitlements are read from.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether that store belongs to the provider that is asked.
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }

    /// The client of the Procurement API.
    pub fn procurement(&self) -> &Procurement {
        &self.procurement
    }

    /// Fetches an account and its entitlements at the same time.
    pub async fn fetch(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Fetched, ApprovalError> {
        let (account, listed) = tokio::try_join!(
            self.procurement.account(account, deadline),
            self.procurement.entitlements_of(account, deadline),
        )?;
        let provider = self.procurement.provider();
        Ok(Fetched::new(account, &listed, provider, &self.products))
    }

    /// Approves the account's sign-up if it waits for that, or if Google reports no approval at all: then the call
    /// shows whether there is one to give.
    pub async fn approve_account(
        &self,
        id: &ProcurementAccountId,
        fetched: &Fetched,
        deadline: Deadline,
    ) -> Result<SignUpVerdict, ApprovalError> {
        if !reports_no_sign_up(fetched.account())
            && let Some(verdict) = verdict(fetched.account())?
        {
            return Ok(verdict);
        }
        match self.procurement.approve_account(id, deadline).await {
            Ok(()) => Ok(SignUpVerdict::Approved),
            // Another request was faster, or the answer was lost: Google knows which.
            Err(error) if calls_for_reading_again(&error) => {
                let account = self.procurement.account(id, deadline).await?;
                verdict(&account)?.ok_or(ApprovalError::Procurement(error))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The verdict on an account, if there is one already.
fn verdict(account: &procurement::Account) -> Result<Option<SignUpVerdict>, ApprovalError> {
    match sign_up_state(account) {
        SignUpState::Pending => Ok(None),
        SignUpState::Approved => Ok(Some(SignUpVerdict::Approved)),
        SignUpState::Rejected => Ok(Some(SignUpVerdict::Rejected)),
        SignUpState::Unclear => Err(ApprovalError::Unclear),
    }
}

/// A refusal may mean that another request was faster, and without an answer the call may have taken effect: Google
/// knows which.
pub(crate) fn calls_for_reading_again(error: &ProcurementError) -> bool {
    matches!(error, ProcurementError::Refused(_)) || error.may_have_taken_effect()
}
