//! An order as Google describes it, in the form in which it is stored.

use jiff::Timestamp;
use marketplace::{EntitlementState, PlanId};
use store::Entitlement;

/// An order as Google describes it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleOrder {
    /// What is stored of it.
    pub record: Entitlement,
    /// The plan that the customer asked to change to.
    pub pending_plan: Option<PlanId>,
    /// Whether the customer sees a message of ours while they wait.
    pub has_message: bool,
}

impl GoogleOrder {
    /// Reads what Google says about an entitlement. `None` if it names no product.
    pub fn read(entitlement: &procurement::Entitlement) -> Option<Self> {
        let record = Entitlement {
            id: entitlement.id.clone(),
            account: entitlement.account.clone(),
            product: entitlement.product_id()?,
            plan: entitlement.plan.clone(),
            offer: entitlement.offer.clone(),
            state: entitlement.state.clone(),
            usage_reporting_id: entitlement.usage_reporting_id.clone(),
            create_time: stored_time(entitlement.create_time),
            // Google always sends it; without it, nothing newer is ever replaced.
            update_time: stored_time(entitlement.update_time),
            subscription_end: entitlement
                .subscription_end_time
                .map(|end| stored_time(Some(end))),
            starts: entitlement
                .new_offer_start_time
                .filter(|_| entitlement.state == EntitlementState::ActivationRequested)
                .map(|start| stored_time(Some(start))),
            deleted: None,
        };
        Some(Self {
            record,
            pending_plan: entitlement.new_pending_plan.clone(),
            has_message: entitlement.message_to_user.is_some(),
        })
    }
}

/// A time at the precision at which it is stored, so that what was stored compares equal.
fn stored_time(time: Option<Timestamp>) -> Timestamp {
    let micros = time.map(Timestamp::as_microsecond);
    let time = micros.map(Timestamp::from_microsecond);
    time.and_then(Result::ok).unwrap_or(Timestamp::UNIX_EPOCH)
}
