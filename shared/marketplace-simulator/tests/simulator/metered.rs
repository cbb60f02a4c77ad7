//! A customer whose usage is reported, as the tests need it.

use std::time::Duration;

use jiff::Timestamp;
use marketplace_simulator::{Bill, Buyer, Order, Quantity, Simulator, UsageSettings};
use serde_json::{Value, json};

use crate::caller::{Caller, good};

pub(crate) const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";
pub(crate) const QUERIES: &str = "product.endpoints.example-partner.cloud.goog/usage_queries";
pub(crate) const SCANNED: &str = "product.endpoints.example-partner.cloud.goog/usage_gib_scanned";

/// A simulator, and an active order of the usage plan.
pub(crate) struct Metered {
    pub(crate) caller: Caller,
    pub(crate) order: Order,
    pub(crate) consumer: String,
}

impl Metered {
    pub(crate) async fn start() -> Self {
        Self::set(|_| {}).await
    }

    pub(crate) async fn set(change: impl FnOnce(&mut UsageSettings)) -> Self {
        Self::of(Caller::set(|settings| change(&mut settings.usage)).await)
    }

    pub(crate) fn of(caller: Caller) -> Self {
        let order = buy_usage(&caller.sim);
        caller.sim.approve_account(&order.account).unwrap();
        caller.sim.approve_entitlement(&order.entitlement).unwrap();
        let bought = caller.sim.entitlement(&order.entitlement).unwrap();
        let consumer = bought.usage_reporting_id.unwrap_or_default();
        Self {
            caller,
            order,
            consumer,
        }
    }

    pub(crate) fn sim(&self) -> &Simulator {
        &self.caller.sim
    }

    /// So many queries in the hour that begins at this one.
    pub(crate) fn queries(&self, operation_id: &str, from: u64, count: i64) -> Value {
        let value = json!({"int64Value": count.to_string()});
        self.operation(operation_id, from, &[(QUERIES, value)])
    }

    pub(crate) fn operation(&self, id: &str, from: u64, values: &[(&str, Value)]) -> Value {
        let sets = values
            .iter()
            .map(|(metric, value)| json!({"metricName": metric, "metricValues": [value]}));
        json!({
            "operationId": id,
            "operationName": "hourly usage",
            "consumerId": self.consumer,
            "startTime": hour(from),
            "endTime": hour(from + 1),
            "metricValueSets": sets.collect::<Vec<_>>(),
        })
    }

    pub(crate) fn report(&self, operations: &[Value]) -> reqwest::RequestBuilder {
        let body = json!({"operations": operations});
        self.caller.post_to(&path("report"), &body)
    }

    pub(crate) fn check(&self, operation: &Value) -> reqwest::RequestBuilder {
        let body = json!({"operation": operation});
        self.caller.post_to(&path("check"), &body)
    }

    pub(crate) async fn count(&self, operation: Value) {
        let answered = good(self.report(&[operation])).await;
        assert_eq!(answered.get("reportErrors"), None, "{answered}");
    }

    /// Reports what must be refused by itself: code and message.
    pub(crate) async fn refused(&self, operation: Value) -> (i64, String) {
        let id = operation["operationId"].clone();
        let answered = good(self.report(&[operation])).await;
        let errors = answered["reportErrors"].as_array().unwrap();
        assert_eq!((errors.len(), &errors[0]["operationId"]), (1, &id));
        let status = &errors[0]["status"];
        let message = status["message"].as_str().unwrap().to_owned();
        (status["code"].as_i64().unwrap(), message)
    }

    /// The only violation.
    #[track_caller]
    pub(crate) fn violation(&self) -> String {
        let violations = self.sim().violations();
        assert_eq!(violations.len(), 1, "{violations:?}");
        violations[0].clone()
    }

    pub(crate) fn bill(&self) -> Bill {
        self.sim().bill(&self.order.account)
    }

    /// What is on the bill of the int64 metric.
    pub(crate) fn billed(&self) -> i128 {
        match self.bill().total(&self.order.entitlement, "usage_queries") {
            Some(Quantity::Int64(whole)) => whole,
            Some(other) => panic!("{other:?} is not whole"),
            None => 0,
        }
    }
}

/// Path of a method of the default service.
pub(crate) fn path(method: &str) -> String {
    format!("/servicecontrol.googleapis.com/v1/services/{SERVICE}:{method}")
}

/// So many hours after the begin of a day.
pub(crate) fn hour(count: u64) -> Timestamp {
    let day: Timestamp = "2026-01-21T00:00:00Z".parse().unwrap();
    day + Duration::from_hours(count)
}

/// A new customer buys the usage plan.
pub(crate) fn buy_usage(sim: &Simulator) -> Order {
    let product = sim.settings().products[0].clone();
    let plan = &product.plans[2].id;
    sim.purchase(Buyer::New, &product.id, plan).unwrap()
}
