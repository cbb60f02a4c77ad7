use marketplace::{EntitlementId, EntitlementState, PlanId};
use serde_json::{Value, json};

use crate::{
    HOST, account_id, client, entitlement_id,
    fake::{Fake, FakeAnswer as Answer, soon},
};

#[tokio::test]
async fn an_entitlement_in_an_unknown_state_is_read() {
    let fake = Fake::start().await;
    let answer = json!({
        "name": "providers/example-partner/entitlements/7a1c",
        "account": "providers/example-partner/accounts/E-1234",
        "product": "product.endpoints.example-partner.cloud.goog",
        "state": "ENTITLEMENT_PAUSED",
    });
    fake.then(HOST, Answer::json(200, &answer.to_string()));

    let entitlement = client(&fake)
        .entitlement(&entitlement_id(), soon())
        .await
        .unwrap();

    assert_eq!(entitlement.id, entitlement_id());
    assert_eq!(entitlement.account, account_id());
    let unknown = EntitlementState::Other("ENTITLEMENT_PAUSED".to_owned());
    assert_eq!(entitlement.state, unknown);
    assert_eq!(
        entitlement.product_id().unwrap().as_str(),
        "product.endpoints.example-partner.cloud.goog"
    );
    assert_eq!(
        fake.calls(HOST),
        ["GET /v1/providers/example-partner/entitlements/7a1c"]
    );
}

#[tokio::test]
async fn an_id_with_a_colon_is_encoded_in_the_path() {
    let fake = Fake::start().await;
    fake.then(HOST, Answer::json(200, "{}"));
    let id = EntitlementId::parse("a:b@c+d~e").unwrap();
    let approved = client(&fake).approve_entitlement(&id, soon()).await;
    approved.unwrap();
    let call = "POST /v1/providers/example-partner/entitlements/a%3Ab%40c%2Bd~e:approve";
    assert_eq!(fake.calls(HOST), [call]);
}

#[tokio::test]
async fn a_plan_is_sent_back_letter_by_letter() {
    let fake = Fake::start().await;
    fake.then(HOST, Answer::json(200, "{}"));
    let plan = PlanId::parse("Pro/Max, 100 % (annual)").unwrap();
    let (client, id) = (client(&fake), entitlement_id());
    let approved = client.approve_plan_change(&id, &plan, soon()).await;
    approved.unwrap();
    let body: Value = serde_json::from_str(&fake.received(HOST)[0].body).unwrap();
    assert_eq!(body, json!({"pendingPlanName": plan.as_str()}));
}

#[tokio::test]
async fn every_decision_is_sent_as_documented() {
    let fake = Fake::start().await;
    for _ in 0..4 {
        fake.then(HOST, Answer::json(200, "{}"));
    }
    fake.then(HOST, Answer::json(200, r#"{"name":"entitlements/7a1c"}"#));
    let (client, id) = (client(&fake), entitlement_id());
    let plan = PlanId::parse("premium-plan").unwrap();
    client.approve_entitlement(&id, soon()).await.unwrap();
    client.reject_entitlement(&id, "why", soon()).await.unwrap();
    client
        .approve_plan_change(&id, &plan, soon())
        .await
        .unwrap();
    client
        .reject_plan_change(&id, &plan, "why", soon())
        .await
        .unwrap();
    client
        .set_message_to_user(&id, "tomorrow", soon())
        .await
        .unwrap();

    let sent: Vec<(String, Value)> = fake
        .received(HOST)
        .into_iter()
        .map(|request| {
            let call = format!("{} {}", request.method, request.target);
            let call = call.replace("/v1/providers/example-partner/entitlements/", "");
            (call, serde_json::from_str(&request.body).unwrap())
        })
        .collect();
    let sent: Vec<_> = sent
        .iter()
        .map(|(call, body)| (call.as_str(), body.clone()))
        .collect();
    assert_eq!(
        sent,
        [
            ("POST 7a1c:approve", json!({})),
            ("POST 7a1c:reject", json!({"reason": "why"})),
            (
                "POST 7a1c:approvePlanChange",
                json!({"pendingPlanName": "premium-plan"})
            ),
            (
                "POST 7a1c:rejectPlanChange",
                json!({"pendingPlanName": "premium-plan", "reason": "why"})
            ),
            (
                "PATCH 7a1c?updateMask=messageToUser",
                json!({"messageToUser": "tomorrow"})
            ),
        ]
    );
}
