//! Records for the tests of this crate.

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, ProcurementAccountId, ProductId, Products};
use store::Entitlement;

pub(crate) fn account_id() -> ProcurementAccountId {
    ProcurementAccountId::parse("A-1").unwrap()
}

pub(crate) fn products() -> Products {
    Products::new(vec![ProductId::parse("ours").unwrap()]).unwrap()
}

pub(crate) fn entitlement(id: &str, state: &EntitlementState, updated: i64) -> Entitlement {
    Entitlement {
        id: EntitlementId::parse(id).unwrap(),
        account: account_id(),
        product: ProductId::parse("ours").unwrap(),
        plan: None,
        offer: None,
        state: state.clone(),
        usage_reporting_id: None,
        create_time: Timestamp::UNIX_EPOCH,
        update_time: Timestamp::from_second(updated).unwrap(),
        subscription_end: None,
        starts: None,
        deleted: None,
    }
}
