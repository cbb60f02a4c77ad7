//! What waits for the operator.

mod lists;

use std::collections::BTreeMap;

use marketplace::{ApprovalState, EntitlementState, ProcurementAccountId};
use procurement::Entitlement;
use store::{Account, Approval};

use self::lists::{Waiting, WaitingAccount, WaitingEntitlement};
use crate::desk::{Desk, soon};
use crate::failure::Failure;
use crate::plan_changes;
use crate::terminal;

/// Accounts read from the store at once.
const STORE_PAGE: usize = 300;

/// Most pages of one list of Google's, of 200 each.
const PAGES: usize = 10_000;

/// Resources of Google's that could not be read.
#[derive(Default)]
pub(crate) struct Unusable(usize);

pub(crate) async fn show(desk: &Desk, json: bool) -> Result<(), Failure> {
    let mut unusable = Unusable::default();
    let approvals = approvals(desk, &mut unusable).await?;
    let mut waiting = Waiting {
        accounts: signed_up(desk, &approvals).await?,
        ..Waiting::default()
    };
    for entitlement in entitlements(desk, &mut unusable).await? {
        let approval = approvals.get(&entitlement.account).cloned();
        if entitlement.state == EntitlementState::ActivationRequested {
            waiting
                .entitlements
                .push(WaitingEntitlement::new(entitlement, approval));
        } else if plan_changes::waits(&entitlement) {
            waiting
                .plan_changes
                .push(WaitingEntitlement::new(entitlement, approval));
        }
    }
    if unusable.0 > 0 {
        let count = unusable.0;
        terminal::warn(&format!(
            "operator: left out {count} of Google's resources, which are not as documented"
        ));
    }
    terminal::say(&if json {
        serde_json::json!(waiting).to_string()
    } else {
        waiting.text()
    });
    Ok(())
}

/// The approval `signup` of every account at Google.
pub(crate) async fn approvals(
    desk: &Desk,
    unusable: &mut Unusable,
) -> Result<BTreeMap<ProcurementAccountId, ApprovalState>, Failure> {
    let mut approvals = BTreeMap::new();
    let mut after = None;
    for _ in 0..PAGES {
        let page = desk.procurement.accounts(after.as_ref(), soon()).await?;
        unusable.0 += page.unusable.len();
        for account in page.resources {
            let approval = account.approval(procurement::Approval::SIGN_UP);
            if let Some(state) = approval.map(|approval| approval.state.clone()) {
                approvals.insert(account.id, state);
            }
        }
        match page.next {
            None => return Ok(approvals),
            next if next == after => break,
            next => after = next,
        }
    }
    Err(Failure::EndlessList)
}

/// Every entitlement of the configured products.
pub(crate) async fn entitlements(
    desk: &Desk,
    unusable: &mut Unusable,
) -> Result<Vec<Entitlement>, Failure> {
    let mut found = Vec::new();
    let mut after = None;
    for _ in 0..PAGES {
        let page = desk
            .procurement
            .entitlements(after.as_ref(), soon())
            .await?;
        unusable.0 += page.unusable.len();
        let served = page.resources.into_iter().filter(|e| desk.serves(e));
        found.extend(served);
        match page.next {
            None => return Ok(found),
            next if next == after => break,
            next => after = next,
        }
    }
    Err(Failure::EndlessList)
}

/// The accounts that are pending at Google although somebody has signed up. Google has every
/// customer who ever bought as pending, so it is the store that knows.
pub(crate) async fn signed_up(
    desk: &Desk,
    approvals: &BTreeMap<ProcurementAccountId, ApprovalState>,
) -> Result<Vec<WaitingAccount>, Failure> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = desk
            .store
            .accounts_after(after.as_ref(), STORE_PAGE, soon());
        let page = page.await?;
        let is_last = page.len() < STORE_PAGE;
        after = page.last().map(|last| last.record.id.clone());
        let waits = |account: &Account| {
            account.approval != Approval::None
                && account.deleted.is_none()
                && approvals.get(&account.id) == Some(&ApprovalState::Pending)
        };
        let accounts = page.into_iter().map(|stored| stored.record);
        found.extend(accounts.filter(waits).map(|account| WaitingAccount {
            id: account.id,
            unverified_company: account.company,
            signed_up: account.created,
        }));
        if is_last {
            return Ok(found);
        }
    }
}
