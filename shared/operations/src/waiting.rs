//! What waits for the operator.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{
    ApprovalState, EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId,
};
use procurement::{Entitlement, PageToken, ProcurementError, ResourcePage, UnusableResource};
use serde::Serialize;
use store::{Account, Approval};

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline, product_of};
use crate::unruled::UnruledOrder;

/// Most pages of one list of Google's, of 200 each.
const PAGES: usize = 10_000;

/// Google's lists of accounts and entitlements, and what the store says about them.
#[derive(Debug)]
pub struct CustomerLists {
    /// The approval `signup` of every account at Google.
    pub approvals: BTreeMap<ProcurementAccountId, ApprovalState>,
    /// Every entitlement of the configured products.
    pub entitlements: Vec<Entitlement>,
    /// How many entitlements at Google are of each other product.
    pub of_other_products: BTreeMap<ProductId, usize>,
    /// The accounts that are not decided at Google although somebody has signed up.
    pub signed_up: Vec<WaitingAccount>,
    /// How many of Google's resources could not be read, by the reason.
    pub unreadable: BTreeMap<String, usize>,
    /// How many stored accounts cannot be read.
    pub unreadable_stored: usize,
}

/// Everything that waits; its JSON is part of the interface of `operator waiting`.
#[derive(Debug, Default, Serialize)]
pub struct Waiting {
    /// Sign-ups.
    pub accounts: Vec<WaitingAccount>,
    /// Orders.
    pub entitlements: Vec<WaitingEntitlement>,
    /// Changes of plan.
    pub plan_changes: Vec<WaitingEntitlement>,
    /// Orders and changes that no rule fits.
    pub unruled: Vec<UnruledOrder>,
    /// How many of Google's resources are not as documented, such as an entitlement without an account, by the
    /// reason. Nothing can be decided about them but in Producer Portal.
    pub unreadable_at_google: BTreeMap<String, usize>,
    /// How many stored accounts cannot be read.
    pub unreadable_stored: usize,
    /// How many orders are of each product that is not configured: of the stored ones those in force, or all at Google
    /// if no order there or here is of a configured product. Whether they wait is not said.
    pub not_configured: BTreeMap<ProductId, usize>,
}

/// A customer who has signed up and is not decided at Google.
#[derive(Debug, Serialize)]
pub struct WaitingAccount {
    /// The account.
    pub id: ProcurementAccountId,
    /// What somebody typed in the registration form.
    pub unverified_company: Option<String>,
    /// When the account was first stored.
    pub signed_up: Timestamp,
}

/// An order, or a change of plan.
#[derive(Debug, Serialize)]
pub struct WaitingEntitlement {
    /// The order.
    pub id: EntitlementId,
    /// Its account.
    pub account: ProcurementAccountId,
    /// The account's approval `signup` at Google; none if Google does not list the account.
    pub account_approval: Option<ApprovalState>,
    /// What was bought.
    pub product: Option<ProductId>,
    /// The present plan.
    pub plan: Option<PlanId>,
    /// The plan that the customer asks for.
    pub pending_plan: Option<PlanId>,
    /// When Google last changed it.
    pub since: Option<Timestamp>,
    /// What the customer reads meanwhile.
    pub message_to_user: Option<String>,
}

impl Operations {
    /// What waits for the operator.
    pub async fn waiting(&self) -> Result<Waiting, OperationError> {
        let lists = self.customer_lists().await?;
        let mut waiting = Waiting {
            accounts: lists.signed_up,
            unruled: self.unruled(&lists.entitlements).await?,
            unreadable_at_google: lists.unreadable,
            unreadable_stored: lists.unreadable_stored,
            not_configured: self
                .not_configured(&lists.entitlements, lists.of_other_products)
                .await?,
            ..Waiting::default()
        };
        for entitlement in lists.entitlements {
            let list = match entitlement.state {
                EntitlementState::ActivationRequested => &mut waiting.entitlements,
                // Without a plan it is among those that no rule fits.
                EntitlementState::PendingPlanChangeApproval
                    if entitlement.new_pending_plan.is_some() =>
                {
                    &mut waiting.plan_changes
                }
                _ => continue,
            };
            let approval = lists.approvals.get(&entitlement.account).cloned();
            list.push(WaitingEntitlement::new(entitlement, approval));
        }
        Ok(waiting)
    }

    /// Reads all accounts and entitlements at Google, and the stored accounts.
    pub async fn customer_lists(&self) -> Result<CustomerLists, OperationError> {
        let procurement = &self.procurement;
        let accounts = whole_list(async |after: Option<PageToken>| {
            procurement.accounts(after.as_ref(), call_deadline()).await
        });
        let accounts = accounts.await?;
        let entitlements = whole_list(async |after: Option<PageToken>| {
            let page = procurement.entitlements(after.as_ref(), call_deadline());
            page.await
        });
        let entitlements = entitlements.await?;
        let unreadable = by_reason(accounts.unusable.iter().chain(&entitlements.unusable));
        let approvals = accounts.resources.into_iter().filter_map(|account| {
            let approval = account.approval(procurement::Approval::SIGN_UP);
            let state = approval.map(|approval| approval.state.clone())?;
            Some((account.id, state))
        });
        let approvals = approvals.collect();
        let listed = entitlements.resources.into_iter();
        let (served, others): (Vec<_>, Vec<_>) = listed.partition(|it| self.serves(it));
        let (signed_up, unreadable_stored) = self.signed_up(&approvals).await?;
        Ok(CustomerLists {
            signed_up,
            approvals,
            entitlements: served,
            of_other_products: counted(others.iter().filter_map(product_of)),
            unreadable,
            unreadable_stored,
        })
    }

    /// Google has every customer who ever bought as pending, so it is the store that knows who has
    /// signed up; and how many stored accounts cannot be read.
    async fn signed_up(
        &self,
        approvals: &BTreeMap<ProcurementAccountId, ApprovalState>,
    ) -> Result<(Vec<WaitingAccount>, usize), OperationError> {
        let waits = |account: &Account| {
            !account.is_closed()
                && account.is_of(&self.provider)
                && waits_at_google(account, approvals.get(&account.id))
        };
        let all = self.all_accounts().await?;
        let accounts = all.records.into_iter().map(|stored| stored.record);
        let waiting = accounts.filter(waits).map(|account| WaitingAccount {
            id: account.id,
            unverified_company: account.company,
            signed_up: account.created,
        });
        Ok((waiting.collect(), all.unreadable))
    }
}

/// How many there are of each product.
pub(crate) fn counted(products: impl Iterator<Item = ProductId>) -> BTreeMap<ProductId, usize> {
    let mut counts = BTreeMap::new();
    for product in products {
        *counts.entry(product).or_default() += 1;
    }
    counts
}

/// Whether a sign-up is not decided at Google. Of some Google says neither that they wait nor what was decided: no visit
/// and no reconciliation settles that.
fn waits_at_google(account: &Account, state: Option<&ApprovalState>) -> bool {
    match state {
        Some(ApprovalState::Approved | ApprovalState::Rejected) => false,
        Some(ApprovalState::Pending) => account.approval != Approval::None,
        // One that Google does not find is among the absences.
        Some(ApprovalState::Other(_)) | None => {
            account.approval == Approval::Approving && account.absent.is_none()
        }
    }
}

/// How many of Google's resources cannot be used, by the reason.
fn by_reason<'a>(unusable: impl Iterator<Item = &'a UnusableResource>) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for reason in unusable {
        *counts.entry(reason.to_string()).or_default() += 1;
    }
    counts
}

/// Reads page after page to the end of a list.
async fn whole_list<T>(
    page: impl AsyncFn(Option<PageToken>) -> Result<ResourcePage<T>, ProcurementError>,
) -> Result<ResourcePage<T>, OperationError> {
    let mut list = page(None).await?;
    for _ in 0..PAGES {
        let Some(after) = list.next.take() else {
            return Ok(list);
        };
        let next = page(Some(after.clone())).await?;
        list.resources.extend(next.resources);
        list.unusable.extend(next.unusable);
        list.next = next.next;
        if list.next.as_ref() == Some(&after) {
            break;
        }
    }
    Err(OperationError::EndlessList)
}

impl WaitingEntitlement {
    fn new(entitlement: Entitlement, approval: Option<ApprovalState>) -> Self {
        Self {
            product: product_of(&entitlement),
            id: entitlement.id,
            account: entitlement.account,
            account_approval: approval,
            plan: entitlement.plan,
            pending_plan: entitlement.new_pending_plan,
            since: entitlement.update_time,
            message_to_user: entitlement.message_to_user,
        }
    }
}
