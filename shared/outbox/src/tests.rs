//! Records for the tests of this crate.

mod example_news;

use jiff::Timestamp;
use marketplace::{EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId};
use store::Entitlement;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

pub(crate) fn entitlement(state: &EntitlementState, updated: i64) -> Entitlement {
    let id = EntitlementId::parse("E-1").unwrap();
    let account = ProcurementAccountId::parse("A-1").unwrap();
    let product = ProductId::parse("ours").unwrap();
    Entitlement {
        plan: Some(PlanId::parse("standard").unwrap()),
        update_time: at(updated),
        ..Entitlement::new(&id, &account, &product, state, at(0))
    }
}
