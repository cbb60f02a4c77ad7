//! Messages about what Google does not describe as documented.

use function_tests::log::Log;
use marketplace_simulator::Matcher;
use serde_json::{Value, json};
use store::{HandledEvent, Store};

use crate::function::{ACTIVE, REQUESTED, TestFunction};
use crate::results::warned;

pub(crate) async fn an_order_of_no_account_is_kept_at_the_first_delivery(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    for account in [Value::Null, json!("E-1234")] {
        let id = function.customer().await.entitlement;
        let provider = &function.simulator.settings().provider;
        let resource = format!("entitlements/{id}");
        let description = json!({
            "name": format!("providers/{provider}/{resource}"),
            "account": account,
            "state": "ENTITLEMENT_ACTIVATION_REQUESTED",
        });
        function.describe(&resource, description);
        function.acknowledges(REQUESTED, &id).await;
        let asked = function.simulator.calls().count(&Matcher::procurement());
        function.acknowledges(REQUESTED, &id).await;
        let again = function.simulator.calls().count(&Matcher::procurement());
        assert_eq!(again, asked);
        assert_eq!(function.entitlement(&id).await, None);

        let kept = function.events_with_outcome("unreadable-resource").await;
        let about_it = |kept: &HandledEvent| kept.resource.as_ref() == Some(&resource);
        let kept = kept.into_iter().find(about_it).unwrap();
        assert_eq!((kept.kind.as_str(), kept.body.is_some()), (REQUESTED, true));
        let lines = function.kept_messages().await;
        let line = lines.iter().find(|line| line.details["message"] == kept.id);
        assert_eq!(line.unwrap().details["reason"], "unreadable-resource");
        assert_eq!(warned(&log, id.as_str(), "reason"), ["unreadable-resource"]);
        // Once Google has repaired it, the next event is followed like any other.
        function.describe_no_more(&resource);
        function.acknowledges(ACTIVE, &id).await;
        assert!(function.entitlement(&id).await.is_some());
    }
    assert_eq!(function.kept_messages().await.len(), 2);
}

pub(crate) async fn an_account_that_nobody_can_read_is_kept_at_the_first_delivery(store: Store) {
    let function = TestFunction::start(store).await;
    let id = function.simulator.buy().account;
    let provider = &function.simulator.settings().provider;
    let resource = format!("accounts/{id}");
    let name = format!("providers/{provider}/{resource}");
    function.describe(
        &resource,
        json!({ "name": name, "createTime": "yesterday" }),
    );
    function
        .acknowledges_account_event("ACCOUNT_ACTIVE", &id)
        .await;
    assert_eq!(function.account(&id).await, None);
    let kept = function.events_with_outcome("unreadable-resource").await;
    assert_eq!(kept[0].resource, Some(resource));
    assert_eq!(function.kept_messages().await.len(), 1);
}
