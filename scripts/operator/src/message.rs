//! What the customer reads while something waits.

use marketplace::{EntitlementId, EntitlementState};

use crate::desk::{Desk, Made, soon};
use crate::entitlements::{served, settle};
use crate::failure::Failure;
use crate::terminal;

/// Google takes a message only while the customer waits for the vendor (discovery document, field
/// `messageToUser`).
pub(crate) async fn set(desk: &Desk, id: &EntitlementId, text: &str) -> Result<(), Failure> {
    let entitlement = served(desk, id).await?;
    let waits = matches!(
        entitlement.state,
        EntitlementState::ActivationRequested | EntitlementState::PendingPlanChangeApproval
    );
    if !waits {
        let state = entitlement.state.as_str();
        return Err(Failure::Unfit(format!(
            "a message is shown only while something waits, and entitlement {id} is {state}"
        )));
    }
    let before = entitlement.message_to_user;
    let before = before.map(|text| format!(" in place of: {}", terminal::one_line(&text)));
    let before = before.unwrap_or_default();
    desk.assent.agree(&format!(
        "This shows to the customer of entitlement {id}: {text}{before}"
    ))?;
    let called = desk.procurement.set_message_to_user(id, text, soon());
    let made = Made::of(called.await)?;
    let now = desk.procurement.entitlement(id, soon()).await?;
    let shown = now.message_to_user.as_deref();
    settle(&now, made, shown == Some(text))?;
    terminal::say(&format!("It shows: {}", shown.unwrap_or_default()));
    Ok(())
}
