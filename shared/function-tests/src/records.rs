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
        id: order.account.clone(),
        approval,
        company: Some("Example".to_owned()),
        service_account: None,
        created: stored,
        updated: stored,
        deleted: None,
        touched: None,
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
        id: at_google.id,
        account: at_google.account,
        product: at_google.product,
        plan: Some(at_google.plan),
        offer: None,
        state: at_google.state,
        usage_reporting_id: at_google.usage_reporting_id,
        create_time: stored,
        update_time: stored,
        starts: None,
        subscription_end: None,
        deleted: None,
    }
}
