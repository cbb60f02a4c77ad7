//! Several products, each with its service or without one.

use marketplace::ProductId;
use marketplace_simulator::{Product, Quantity};
use store::{ReportState, Store};

use crate::function::{QUERIES, TestFunction, UsageSetup, record};

const FIRST: &str = "product.endpoints.example-partner.cloud.goog";
const SECOND: &str = "second.endpoints.example-partner.cloud.goog";
const BOTH: &str =
    "product.endpoints.example-partner.cloud.goog,second.endpoints.example-partner.cloud.goog";

/// Each product is its own service at the simulated Google.
const PAIRS: &str = "product.endpoints.example-partner.cloud.goog=product.endpoints.example-partner.cloud.goog,\
                     second.endpoints.example-partner.cloud.goog=second.endpoints.example-partner.cloud.goog";
const FIRST_PAIR: &str =
    "product.endpoints.example-partner.cloud.goog=product.endpoints.example-partner.cloud.goog";

/// A vendor with two products.
async fn function(store: Store, products: &'static str, services: &'static str) -> TestFunction {
    let setup = UsageSetup::over(store).simulated(|settings| {
        settings.products.push(Product {
            id: ProductId::parse(SECOND).unwrap(),
            ..Product::default()
        });
    });
    let setup = setup.with("PRODUCTS", products);
    setup.with("SERVICE_NAME", services).start().await
}

pub(crate) async fn each_product_is_reported_to_its_own_service(store: Store) {
    let function = function(store, BOTH, PAIRS).await;
    for (place, service, units) in [(0, FIRST, 1), (1, SECOND, 2)] {
        let order = function.customer_of(place).await;
        function
            .uses(&order, "1", units, "2026-03-01T10:10:00Z")
            .await;
        assert_eq!(function.report("2026-03-01T11:05:00Z").await.reported, 1);
        let billed = function.billed(&order, QUERIES);
        assert_eq!(billed, Some(Quantity::Int64(units.into())));
        let operations = function.simulator.operations();
        assert_eq!(operations.last().unwrap().service, service);
    }
}

pub(crate) async fn usage_of_a_product_without_a_service_is_refused_by_name(store: Store) {
    // Once the product has none, and once it is not served any more.
    for (products, services) in [(BOTH, FIRST_PAIR), (FIRST, FIRST)] {
        let function = function(store.clone(), products, services).await;
        let order = function.customer_of(1).await;
        let used = record(&order, "1", 1, "2026-03-01T10:10:00Z");
        let (_, body) = function.record("2026-03-01T10:11:00Z", &[used]).await;
        assert_eq!(body["records"][0]["code"], "product-without-service");
        assert_eq!(body["records"][0]["http_status"], 400);
        assert!(
            function
                .report("2026-03-01T11:05:00Z")
                .await
                .without_service
                > 0
        );
        assert!(function.simulator.checks().is_empty());
        assert!(function.simulator.operations().is_empty());
    }
}

pub(crate) async fn rows_of_a_product_without_a_service_wait(store: Store) {
    let before = function(store.clone(), BOTH, PAIRS).await;
    let order = before.customer_of(1).await;
    before.uses(&order, "1", 3, "2026-03-01T10:10:00Z").await;
    for (products, services, minutes) in [
        (BOTH, FIRST_PAIR, ["05", "15"]),
        (FIRST, FIRST, ["25", "35"]),
    ] {
        let without = function(store.clone(), products, services).await;
        for minute in minutes {
            let done = without.report(&format!("2026-03-01T11:{minute}:00Z")).await;
            assert_eq!((done.reported, done.refused), (0, 0));
            assert_eq!((done.waiting, done.without_service), (1, 1));
        }
        assert_eq!(without.rows(ReportState::Pending).await.len(), 1);
        assert!(without.simulator.checks().is_empty());
        assert!(without.simulator.operations().is_empty());
    }
    assert_eq!(before.report("2026-03-01T12:05:00Z").await.reported, 1);
    let billed = before.billed(&order, QUERIES);
    assert_eq!(billed, Some(Quantity::Int64(3)));
}
