//! The decision about an account's sign-up.

use marketplace::{ApprovalState, EntitlementState, ProcurementAccountId};
use store::{Account, Approval, Stored};

use crate::account_record;
use crate::desk::{Desk, Made, soon};
use crate::failure::Failure;
use crate::terminal;

/// What Google says about the sign-up of an account.
pub(crate) async fn sign_up(
    desk: &Desk,
    id: &ProcurementAccountId,
) -> Result<ApprovalState, Failure> {
    let account = desk.procurement.account(id, soon()).await?;
    let approval = account.approval(procurement::Approval::SIGN_UP);
    Ok(approval.map_or_else(
        || ApprovalState::Other("without an approval `signup`".to_owned()),
        |approval| approval.state.clone(),
    ))
}

pub(crate) async fn approve(desk: &Desk, id: &ProcurementAccountId) -> Result<(), Failure> {
    let state = sign_up(desk, id).await?;
    let stored = desk.store.account(id, soon()).await?;
    if state == ApprovalState::Approved {
        account_record::store(desk, id, Approval::Approved).await?;
        terminal::say(&format!("Account {id} is approved already."));
        return Ok(());
    }
    let customer = customer(id, stored.as_ref());
    desk.assent.agree(&format!(
        "This approves the sign-up of {customer}, which is {} at Google.",
        state.as_str()
    ))?;
    if stored.is_some_and(|stored| stored.record.approval != Approval::None) {
        // The intent comes first: if this is cut off, the customer's next visit finishes it.
        account_record::store(desk, id, Approval::Approving).await?;
    }
    let made = Made::of(desk.procurement.approve_account(id, soon()).await)?;
    settle(desk, id, made, &ApprovalState::Approved).await?;
    say_what_waits(desk, id).await
}

pub(crate) async fn reject(
    desk: &Desk,
    id: &ProcurementAccountId,
    reason: &str,
) -> Result<(), Failure> {
    let state = sign_up(desk, id).await?;
    let stored = desk.store.account(id, soon()).await?;
    if state == ApprovalState::Rejected {
        account_record::store(desk, id, Approval::Rejected).await?;
        terminal::say(&format!("Account {id} is rejected already."));
        return Ok(());
    }
    let customer = customer(id, stored.as_ref());
    desk.assent.agree(&format!(
        "This rejects the sign-up of {customer}, which is {} at Google, for the reason: {reason}",
        state.as_str()
    ))?;
    let made = Made::of(desk.procurement.reject_account(id, reason, soon()).await)?;
    settle(desk, id, made, &ApprovalState::Rejected).await
}

/// Reads the account again, stores what Google says of it, and says so.
async fn settle(
    desk: &Desk,
    id: &ProcurementAccountId,
    made: Made,
    wanted: &ApprovalState,
) -> Result<(), Failure> {
    let now = sign_up(desk, id).await?;
    match now {
        ApprovalState::Approved => account_record::store(desk, id, Approval::Approved).await?,
        ApprovalState::Rejected => account_record::store(desk, id, Approval::Rejected).await?,
        ApprovalState::Pending | ApprovalState::Other(_) => {}
    }
    let says = format!("Google says of account {id} now: {}", now.as_str());
    if &now != wanted {
        return Err(made.without_effect(says));
    }
    terminal::say(&format!("{says}."));
    Ok(())
}

/// What the operator may want to decide next.
async fn say_what_waits(desk: &Desk, id: &ProcurementAccountId) -> Result<(), Failure> {
    let entitlements = desk.procurement.entitlements_of(id, soon()).await?;
    let waiting = entitlements.iter().filter(|entitlement| {
        entitlement.state == EntitlementState::ActivationRequested && desk.serves(entitlement)
    });
    for entitlement in waiting {
        terminal::say(&format!(
            "Its order {0} waits. Where APPROVAL_POLICY is `manual`: operator approve entitlement {0}",
            entitlement.id
        ));
    }
    Ok(())
}

fn customer(id: &ProcurementAccountId, stored: Option<&Stored<Account>>) -> String {
    let record = stored.map(|stored| &stored.record);
    match record.map(|record| (record.approval, &record.company)) {
        None | Some((Approval::None, _)) => {
            format!("account {id}, for which nobody has signed up yet")
        }
        Some((_, Some(company))) => {
            let company = terminal::one_line(company);
            format!("account {id} (unverified company: {company})")
        }
        Some((_, None)) => format!("account {id}"),
    }
}
