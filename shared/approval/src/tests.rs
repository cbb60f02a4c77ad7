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
        update_time: Timestamp::from_second(updated).unwrap(),
        ..Entitlement::new(
            &EntitlementId::parse(id).unwrap(),
            &account_id(),
            &ProductId::parse("ours").unwrap(),
            state,
            Timestamp::UNIX_EPOCH,
        )
    }
}
