//! Records of a customer as sign-up leaves them in the store.

use jiff::Timestamp;
use marketplace_simulator::Order;
use store::{Account, Approval, Entitlement, Link};

/// Long ago.
pub fn earlier() -> Timestamp {
    Timestamp::constant(1_700_000_000, 0)
}

/// The account of this order's customer, stored at this time.
pub fn account(order: &Order, approval: Approval, stored: Timestamp) -> Account {
    Account {
        company: Some("Example".to_owned()),
        ..Account::new(&order.account, approval, stored)
    }
}

/// The link of the buyer, stored at this time.
pub fn link(order: &Order, stored: Timestamp) -> Link {
    Link {
        account: order.account.clone(),
        user: order.user.clone(),
        profile: [("name".to_owned(), "Ada".to_owned())].into(),
        roles: Vec::new(),
        orders: Vec::new(),
        first_seen: stored,
        last_seen: stored,
    }
}

/// The order as it is at Google, bought and stored at this time.
pub fn entitlement(
    at_google: marketplace_simulator::Entitlement,
    stored: Timestamp,
) -> Entitlement {
    Entitlement {
        plan: Some(at_google.plan),
        usage_reporting_id: at_google.usage_reporting_id,
        ..Entitlement::new(
            &at_google.id,
            &at_google.account,
            &at_google.product,
            &at_google.state,
            stored,
        )
    }
}
