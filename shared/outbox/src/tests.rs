//! Records for the tests of this crate.

use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId, Products,
};
use store::Entitlement;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

pub(crate) fn products() -> Products {
    Products::new(vec![ProductId::parse("ours").unwrap()]).unwrap()
}

pub(crate) fn entitlement(state: &EntitlementState, updated: i64) -> Entitlement {
    Entitlement {
        id: EntitlementId::parse("E-1").unwrap(),
        account: ProcurementAccountId::parse("A-1").unwrap(),
        product: ProductId::parse("ours").unwrap(),
        plan: Some(PlanId::parse("standard").unwrap()),
        offer: None,
        state: state.clone(),
        usage_reporting_id: None,
        create_time: at(0),
        update_time: at(updated),
        subscription_end: None,
        starts: None,
        deleted: None,
    }
}
