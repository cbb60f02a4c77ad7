//! The bill as the customer reads it.

use marketplace_simulator::web::{Storefront, Website};
use serde_json::json;

use crate::caller::Caller;
use crate::metered::{Metered, SCANNED};

async fn shop() -> Metered {
    let website = Website::new(Storefront::example("http://localhost:1/signup"));
    Metered::of(Caller::showing(website, |_| {}).await)
}

/// The texts of the bill's cells, or none without a bill.
async fn cells(metered: &Metered, account: &str) -> Option<Vec<String>> {
    let path = format!("/customers/{account}/1");
    let page = metered.caller.plain(&path).await.text().await.unwrap();
    let (_, bill) = page.split_once("id=\"bill\"")?;
    let (bill, _) = bill.split_once("</section>")?;
    let cells = bill.split("<td").skip(1);
    let text = |cell: &str| cell.split(['>', '<']).nth(1).unwrap_or_default().to_owned();
    Some(cells.map(text).collect())
}

#[tokio::test]
async fn the_bill_lists_months_and_metrics() {
    let metered = shop().await;
    let account = metered.order.account.as_str();
    assert_eq!(cells(&metered, account).await, Some(Vec::new()));
    metered.count(metered.queries("a", 0, 150)).await;
    metered.count(metered.queries("b", 1, 50)).await;
    let scanned = metered.operation("c", 0, &[(SCANNED, json!({"doubleValue": 12.5}))]);
    metered.count(scanned).await;
    let expected = "2026-01|GiB scanned|12.5|$0.06|2026-01|Queries|200|$4.00|2026-01|Total|$4.06";
    let cells = cells(&metered, account).await.unwrap();
    assert_eq!(cells.join("|"), expected);
}

#[tokio::test]
async fn who_pays_a_fixed_price_has_no_such_bill() {
    let metered = shop().await;
    let order = metered.sim().buy();
    assert_eq!(cells(&metered, order.account.as_str()).await, None);
}
