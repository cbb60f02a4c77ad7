//! Customers and entitlements for the tests of decisions.

use jiff::{SignedDuration, Timestamp};
use marketplace::{
    EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId, Role,
    TokenFingerprint, UserIdentity,
};
use store::Entitlement;
use verification::{CustomerParts, VerifiedCustomer};

/// When the customer's token was issued.
pub(crate) const ISSUED: Timestamp = Timestamp::constant(1_767_225_600, 0);

/// So many seconds later.
pub(crate) fn after(seconds: i64) -> Timestamp {
    let passed = SignedDuration::from_secs(seconds);
    ISSUED.saturating_add(passed).unwrap()
}

/// The customer of `account`, with these orders in the token.
#[expect(
    clippy::disallowed_methods,
    reason = "a decision is tested without any token"
)]
pub(crate) fn customer(orders: &[&str]) -> VerifiedCustomer {
    let orders = orders.iter().map(|id| EntitlementId::parse(*id).unwrap());
    VerifiedCustomer::restore(CustomerParts {
        account: ProcurementAccountId::parse("account").unwrap(),
        user: Some(UserIdentity::parse("user").unwrap()),
        roles: vec![Role::AccountAdmin],
        orders: orders.collect(),
        fingerprint: TokenFingerprint::new([7; 32]),
        issued_at: ISSUED,
        expires_at: after(300),
    })
}

/// An entitlement of `account`; `state` without its prefix.
pub(crate) fn entitlement(id: &str, product: &str, state: &str) -> Entitlement {
    Entitlement {
        plan: Some(PlanId::parse("plan").unwrap()),
        ..Entitlement::new(
            &EntitlementId::parse(id).unwrap(),
            &ProcurementAccountId::parse("account").unwrap(),
            &ProductId::parse(product).unwrap(),
            &EntitlementState::from(format!("ENTITLEMENT_{state}")),
            ISSUED,
        )
    }
}
