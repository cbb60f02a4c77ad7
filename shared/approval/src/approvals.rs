//! Asks Google for accounts and orders, and approves them. When Google answers "precondition failed", the resource is
//! read again instead of guessing what it means.

use marketplace::{
    Deadline, EntitlementId, EntitlementState, PlanId, ProcurementAccountId, Products,
};
use procurement::{Procurement, ProcurementError};
use store::{Entitlement, Store, StoreUnavailable};

use crate::whether_to_approve::{SignUpState, orders_to_approve, sign_up_state};
use crate::{ApprovalPolicy, GoogleOrder};

/// Approves accounts and entitlements.
#[derive(Clone)]
pub struct Approvals {
    procurement: Procurement,
    store: Store,
    products: Products,
    policy: ApprovalPolicy,
}

/// What Google says about an account at one moment.
#[derive(Debug)]
pub struct Fetched {
    account: procurement::Account,
    /// Its entitlements of the configured products.
    pub entitlements: Vec<Entitlement>,
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
        Self {
            procurement,
            store,
            products,
            policy,
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
        let (account, entitlements) = tokio::try_join!(
            self.procurement.account(account, deadline),
            self.procurement.entitlements_of(account, deadline),
        )?;
        let orders = entitlements.iter().filter_map(GoogleOrder::read);
        let records = orders.map(|order| order.record);
        let entitlements = records
            .filter(|e| self.products.serves(&e.product))
            .collect();
        Ok(Fetched {
            account,
            entitlements,
        })
    }

    /// Approves the account's sign-up if it waits for that.
    pub async fn approve_account(
        &self,
        id: &ProcurementAccountId,
        fetched: &Fetched,
        deadline: Deadline,
    ) -> Result<SignUpVerdict, ApprovalError> {
        if let Some(verdict) = verdict(&fetched.account)? {
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

    /// Approves the entitlements that waited for their account, as the policy says.
    ///
    /// It is called after the account was stored as approved, and looks into the store only then:
    /// an event that found the account unapproved has stored its entitlement in a commit that also changed the
    /// account, so one of the two always sees the other. The event that follows an approval brings the news about it.
    pub async fn approve_held(
        &self,
        account: &ProcurementAccountId,
        fetched: &[Entitlement],
        deadline: Deadline,
    ) -> Result<(), ApprovalError> {
        let stored = self.store.entitlements_of(account, deadline).await?;
        let stored: Vec<_> = stored.into_iter().map(|stored| stored.record).collect();
        let newest = stored.iter().chain(
            fetched
                .iter()
                .filter(|fetched| stored.iter().all(|stored| stored.id != fetched.id)),
        );
        let mut refused = Ok(());
        for id in orders_to_approve(self.policy, &self.products, newest) {
            match self.approve_entitlement(&id, deadline).await {
                // Only this order has a problem: it must not keep the others waiting.
                Err(ApprovalError::Procurement(
                    error @ (ProcurementError::Refused(_) | ProcurementError::NotFound(_)),
                )) => refused = Err(error.into()),
                approved => approved?,
            }
        }
        refused
    }

    /// Approves an order that waits for the vendor. It is an error if Google refuses although the order still waits.
    pub async fn approve_entitlement(
        &self,
        id: &EntitlementId,
        deadline: Deadline,
    ) -> Result<(), ApprovalError> {
        let approved = self.procurement.approve_entitlement(id, deadline).await;
        self.unless_done(approved, id, deadline, |now| {
            now.state == EntitlementState::ActivationRequested
        })
        .await
    }

    /// Approves the change to `plan`. It is an error if Google refuses although the change still waits.
    pub async fn approve_plan_change(
        &self,
        id: &EntitlementId,
        plan: &PlanId,
        deadline: Deadline,
    ) -> Result<(), ApprovalError> {
        let approved = self.procurement.approve_plan_change(id, plan, deadline);
        self.unless_done(approved.await, id, deadline, |now| {
            now.state == EntitlementState::PendingPlanChangeApproval
                && now.new_pending_plan.as_ref() == Some(plan)
        })
        .await
    }

    /// A failed approval is none if the order, read again, no longer waits for it.
    async fn unless_done(
        &self,
        approved: Result<(), ProcurementError>,
        id: &EntitlementId,
        deadline: Deadline,
        waits: impl Fn(&procurement::Entitlement) -> bool,
    ) -> Result<(), ApprovalError> {
        match approved {
            Err(error) if calls_for_reading_again(&error) => {
                let now = self.procurement.entitlement(id, deadline).await?;
                if waits(&now) {
                    Err(error.into())
                } else {
                    Ok(())
                }
            }
            approved => Ok(approved?),
        }
    }
}

impl Fetched {
    /// An account whose entitlements were not asked for.
    pub fn of_account(account: procurement::Account) -> Self {
        Self {
            account,
            entitlements: Vec::new(),
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
fn calls_for_reading_again(error: &ProcurementError) -> bool {
    matches!(error, ProcurementError::Refused(_)) || error.may_have_taken_effect()
}
