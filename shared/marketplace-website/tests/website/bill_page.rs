//! The bill as the customer reads it.

use std::time::Duration;

use jiff::Timestamp;
use marketplace_simulator::{Buyer, Order, Simulator};
use marketplace_website::Storefront;
use serde_json::{Value, json};

use crate::shop;

const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";

/// A Marketplace, and an active order of the usage plan.
struct Metered {
    sim: Simulator,
    order: Order,
    consumer: String,
}

impl Metered {
    async fn open() -> Self {
        let storefront = Storefront::example("http://localhost:1/signup");
        let sim = shop::open(storefront, |_| {}).await;
        let product = sim.settings().products[0].clone();
        let order = sim.purchase(Buyer::New, &product.id, &product.plans[2].id);
        let order = order.unwrap();
        sim.approve_account(&order.account).unwrap();
        sim.approve_entitlement(&order.entitlement).unwrap();
        let bought = sim.entitlement(&order.entitlement).unwrap();
        Self {
            sim,
            order,
            consumer: bought.usage_reporting_id.unwrap(),
        }
    }

    /// Reports a value for the hour that begins at this one.
    async fn count(&self, id: &str, from: u64, metric: &str, value: Value) {
        let day: Timestamp = "2026-01-21T00:00:00Z".parse().unwrap();
        let hour = |count| day + Duration::from_hours(count);
        let operation = json!({
            "operationId": id,
            "operationName": "hourly usage",
            "consumerId": self.consumer,
            "startTime": hour(from),
            "endTime": hour(from + 1),
            "metricValueSets": [{
                "metricName": format!("{SERVICE}/{metric}"), "metricValues": [value],
            }],
        });
        let path = format!("servicecontrol.googleapis.com/v1/services/{SERVICE}:report");
        let request = shop::client().post(format!("{}/{path}", self.sim.origin()));
        let request = request.header("authorization", self.sim.authorization());
        let answer = request.json(&json!({"operations": [operation]})).send();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200);
        let answered: Value = answer.json().await.unwrap();
        assert_eq!(answered.get("reportErrors"), None, "{answered}");
    }
}

/// The texts of the bill's cells, or none without a bill.
async fn cells(metered: &Metered, account: &str) -> Option<Vec<String>> {
    let url = format!("{}/customers/{account}/1", metered.sim.origin());
    let page = shop::client().get(url).send().await.unwrap();
    let page = page.text().await.unwrap();
    let (_, bill) = page.split_once("id=\"bill\"")?;
    let (bill, _) = bill.split_once("</section>")?;
    let cells = bill.split("<td").skip(1);
    let text = |cell: &str| cell.split(['>', '<']).nth(1).unwrap_or_default().to_owned();
    Some(cells.map(text).collect())
}

#[tokio::test]
async fn the_bill_lists_months_and_metrics() {
    let metered = Metered::open().await;
    let account = metered.order.account.as_str();
    assert_eq!(cells(&metered, account).await, Some(Vec::new()));
    let queries = |count: &str| json!({"int64Value": count});
    metered.count("a", 0, "usage_queries", queries("150")).await;
    metered.count("b", 1, "usage_queries", queries("50")).await;
    let scanned = json!({"doubleValue": 12.5});
    metered.count("c", 0, "usage_gib_scanned", scanned).await;
    let expected = "2026-01|GiB scanned|12.5|$0.06|2026-01|Queries|200|$4.00|2026-01|Total|$4.06";
    let cells = cells(&metered, account).await.unwrap();
    assert_eq!(cells.join("|"), expected);
}

#[tokio::test]
async fn who_pays_a_fixed_price_has_no_such_bill() {
    let metered = Metered::open().await;
    let order = metered.sim.buy();
    assert_eq!(cells(&metered, order.account.as_str()).await, None);
}
