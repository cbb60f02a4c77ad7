//! Documents that cannot be read. What can be written of them by no version of this program is written by the REST
//! interface of the emulator, so that there is nothing of this over the store in memory.

use function_tests::emulator;
use marketplace_simulator::{Order, Quantity};
use serde_json::json;
use store::{Commit, Document};

use crate::function::{QUERIES, TestFunction, soon};

/// A function whose documents can be spoiled.
struct Spoiled {
    function: TestFunction,
    documents: String,
}

impl Spoiled {
    async fn start() -> Self {
        let (project, host) = (emulator::new_project(), emulator::host());
        let function = TestFunction::start(emulator::store(&project, &host)).await;
        let database = format!("http://{host}/v1/projects/{project}/databases/(default)");
        Self {
            function,
            documents: format!("{database}/documents"),
        }
    }

    /// A customer who has used one unit in the hour before eleven.
    async fn customer(&self) -> Order {
        let order = self.function.customer().await;
        let used = "2026-03-01T10:10:00Z";
        self.function.uses(&order, "1", 1, used).await;
        order
    }

    /// From now on this field of a document is this text, which is none that it may be.
    async fn spoil(&self, document: &str, field: &str, text: &str) {
        let url = format!(
            "{}/{document}?updateMask.fieldPaths={field}",
            self.documents
        );
        let client = reqwest::Client::builder().build().unwrap();
        // The emulator takes this for an owner.
        let request = client.patch(url).bearer_auth("owner");
        let body = json!({ "fields": { field: { "stringValue": text } } });
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{document}");
    }
}

#[tokio::test]
async fn an_order_a_meter_and_a_row_that_cannot_be_read_stop_no_others() {
    let spoiled = Spoiled::start().await;
    let function = &spoiled.function;
    let [unread, unmetered, one, other] = [
        spoiled.customer().await,
        spoiled.customer().await,
        spoiled.customer().await,
        spoiled.customer().await,
    ];
    let meter = function.meter(&unmetered).await;
    let order = format!("entitlements/{}", unread.entitlement);
    spoiled.spoil(&order, "create_time", "yesterday").await;
    let metered = format!("meters/{}", unmetered.entitlement);
    spoiled.spoil(&metered, "open", "always").await;
    spoiled.spoil("reports/row-1", "state", "pending").await;
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.reported, done.failed), (2, 3), "{done:?}");
    for order in [&one, &other] {
        assert_eq!(function.billed(order, QUERIES), Some(Quantity::Int64(1)));
    }
    // Nothing of what could not be read was closed, and nothing is lost.
    for order in [&unread, &unmetered] {
        assert_eq!(function.billed(order, QUERIES), None);
    }
    function.find_again(&unread).await;
    let commit = Commit::new().put(&meter).delete(Document::report("row-1"));
    function.store.commit(commit, soon()).await.unwrap();
    let done = function.report("2026-03-01T11:15:00Z").await;
    assert_eq!((done.reported, done.failed), (2, 0), "{done:?}");
    for order in [&unread, &unmetered] {
        assert_eq!(function.billed(order, QUERIES), Some(Quantity::Int64(1)));
    }
}

#[tokio::test]
async fn a_check_that_cannot_be_stored_stops_no_report() {
    let spoiled = Spoiled::start().await;
    let (function, order) = (&spoiled.function, spoiled.customer().await);
    let consumer = function.entitlement(&order).usage_reporting_id.unwrap();
    function
        .simulator
        .fail_checks(&consumer, &["BILLING_DISABLED"]);
    let account = function.store.account(&order.account, soon()).await;
    let account = account.unwrap().unwrap().record;
    let document = format!("accounts/{}", order.account);
    spoiled.spoil(&document, "approval", "perhaps").await;
    let done = function.report("2026-03-01T11:05:00Z").await;
    assert_eq!((done.reported, done.failed), (1, 0), "{done:?}");
    assert!(function.notifications().is_empty());
    // The next check tells.
    let commit = Commit::new().put(&account);
    function.store.commit(commit, soon()).await.unwrap();
    function.uses(&order, "2", 1, "2026-03-01T11:10:00Z").await;
    function.report("2026-03-01T12:05:00Z").await;
    let told = function.notifications();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0, "portico.usage.stop-serving");
    assert_eq!(function.billed(&order, QUERIES), Some(Quantity::Int64(2)));
}
