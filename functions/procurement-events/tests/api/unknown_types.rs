//! Messages of types that are not documented, about what Google has.

use function_tests::log::Log;
use marketplace::EntitlementState as State;
use serde_json::json;
use store::{Approval, Store};

use crate::function::{ACTIVE, REQUESTED, TestFunction};
use crate::results::warned;

pub(crate) async fn an_order_s_event_of_an_unknown_type_is_followed(store: Store) {
    let (log, _capturing) = Log::capture("procurement-events");
    let function = TestFunction::start(store).await;
    let id = function.customer().await.entitlement;
    for kind in [REQUESTED, ACTIVE] {
        function.acknowledges(kind, &id).await;
    }
    // Messages of one operation, as far as their ids say.
    for _ in 0..2 {
        function.simulator.suspend(&id).unwrap();
        function.acknowledges("ENTITLEMENT_SUSPENDED", &id).await;
        let stored = function.entitlement(&id).await.unwrap();
        assert_eq!(stored.state, State::Suspended);
        function.simulator.resume(&id).unwrap();
        function.acknowledges("ENTITLEMENT_RESUMED", &id).await;
        assert!(function.is_up_to_date(&id).await);
    }
    assert_eq!(function.changes("portico.access.ended").await, 2);
    assert_eq!(function.changes("portico.access.granted").await, 3);
    // Warned of, and nothing is kept.
    let types = ["ENTITLEMENT_SUSPENDED", "ENTITLEMENT_RESUMED"].repeat(2);
    assert_eq!(warned(&log, id.as_str(), "eventType"), types);
    assert!(
        function
            .events_with_outcome("unknown-type")
            .await
            .is_empty()
    );
    assert!(function.kept_messages().await.is_empty());
}

pub(crate) async fn an_account_s_event_of_an_unknown_type_is_followed(store: Store) {
    let function = TestFunction::start(store).await;
    for mut message in [
        json!({ "eventType": "ACCOUNT_SOMETHING_NEW" }),
        json!({ "eventType": "ENTITLEMENT_ACTIVE" }),
    ] {
        let order = function.simulator.buy();
        function.begin_sign_up(&order).await;
        message["account"] = json!({ "id": order.account });
        assert_eq!(function.deliver(&message).await, 204, "{message}");
        assert_eq!(function.approval(&order.account).await, Approval::Approved);
    }
}

pub(crate) async fn an_order_s_message_without_a_type_is_followed(store: Store) {
    let function = TestFunction::start(store).await;
    // As documented for private offers, and as Google writes what is absent.
    for mut message in [json!({}), json!({ "eventType": "", "eventId": null })] {
        let id = function.customer().await.entitlement;
        message["entitlement"] =
            json!({ "id": id, "newOfferDuration": "P1Y6M", "newOfferEndTime": "" });
        assert_eq!(function.deliver(&message).await, 204, "{message}");
        assert_eq!(function.at_google(&id), (State::Active, 1));
        assert!(function.entitlement(&id).await.is_some());
    }
    assert!(function.kept_messages().await.is_empty());
}
