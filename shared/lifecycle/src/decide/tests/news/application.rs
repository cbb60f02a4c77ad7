//! An application that keeps right as `CLOUDEVENTS.md` says, as far as access and orders go.

use std::collections::BTreeMap;

use marketplace::ProcurementAccountId;
use serde_json::{Value, json};
use store::OutboxEntry;

const IN_FORCE: [&str; 4] = [
    "ENTITLEMENT_ACTIVE",
    "ENTITLEMENT_PENDING_CANCELLATION",
    "ENTITLEMENT_PENDING_PLAN_CHANGE",
    "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL",
];

/// The terms of each order that is served; none if the account has no access.
pub(super) type Served = Option<BTreeMap<String, Value>>;

#[derive(Default)]
struct Row {
    sequence: String,
    access: Value,
    orders: Vec<Value>,
}

#[derive(Default)]
pub(super) struct Application(BTreeMap<ProcurementAccountId, Row>);

impl Application {
    pub(super) fn receive(&mut self, news: &OutboxEntry) {
        let row = self.0.entry(news.account.clone()).or_default();
        let sequence = news.sequence.clone().unwrap();
        if sequence > row.sequence {
            *row = Row {
                sequence,
                access: news.data["access"].clone(),
                orders: news.data["orders"].as_array().unwrap().clone(),
            };
        }
    }

    pub(super) fn served(&self, account: &ProcurementAccountId) -> Served {
        let row = self.0.get(account).filter(|row| row.access == "live")?;
        let in_force = row.orders.iter().filter(|order| {
            let state = order["state"].as_str().unwrap();
            IN_FORCE.contains(&state)
        });
        let terms = in_force.map(|order| {
            let id = order["entitlement"].as_str().unwrap().to_owned();
            let terms = json!([order["plan"], order["offer"], order["subscription_end"]]);
            (id, terms)
        });
        Some(terms.collect())
    }
}
