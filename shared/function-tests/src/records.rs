//! Records of a customer as sign-up leaves them in the store.

use jiff::Timestamp;
use marketplace_simulator::Order;
use store::{Account, Approval, Link};

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
