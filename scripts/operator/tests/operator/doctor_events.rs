//! Events that do not arrive, and what waits: the doctor names the cause, and nothing else.

use serde_json::{Value, json};
use store::Approval;

use crate::cloud_project::CloudProject;

const CHECK: &str = "Marketplace subscription";

#[tokio::test]
async fn a_subscription_with_a_setting_that_loses_events() {
    let token = "/pushConfig/oidcToken";
    let push = "modify-push-config projects/";
    for (pointer, value, cause, fix) in [
        ("/pushConfig", json!({}), "pushes nothing", push),
        (
            "/pushConfig/pushEndpoint",
            json!("https://x/events"),
            "pushes to \"https://x/",
            push,
        ),
        (
            "/pushConfig/noWrapper",
            json!({}),
            "without Pub/Sub's envelope",
            push,
        ),
        (token, Value::Null, "without an identity token", push),
        (
            &format!("{token}/audience"),
            json!("https://x"),
            "the audience \"https://x\"",
            push,
        ),
        (
            &format!("{token}/audience"),
            Value::Null,
            "run.app/events\"",
            push,
        ),
        (
            &format!("{token}/serviceAccountEmail"),
            json!("other@example.iam.gserviceaccount.com"),
            "another service account than PUSH_IDENTITY",
            push,
        ),
        (
            "/ackDeadlineSeconds",
            json!(10),
            "10 s to answer",
            "--ack-deadline=60",
        ),
        (
            "/expirationPolicy",
            json!({"ttl": "2678400s"}),
            "expiration is set",
            "=never",
        ),
        (
            "/deadLetterPolicy",
            Value::Null,
            "no dead-letter topic",
            "--dead-letter-topic=projects/",
        ),
        (
            "/deadLetterPolicy/deadLetterTopic",
            json!("projects/p/topics/other"),
            "does not keep",
            "--max-delivery-attempts",
        ),
        (
            "/topic",
            json!("projects/p/topics/t"),
            "attached to the wrong topic",
            "delete",
        ),
        (
            "/topic",
            json!("projects/cloudcommerceproc-prod/topics/another-partner"),
            "that of another provider",
            "as Producer Portal shows it",
        ),
        (
            "/topic",
            json!("_deleted-topic_"),
            "cut off from its topic",
            "linked",
        ),
        ("/detached", json!(true), "cut off from its topic", "linked"),
    ] {
        let cloud = CloudProject::open().await;
        cloud.change("subscription marketplace", pointer, value);
        cloud.examine(&[]).await.names_only(CHECK, cause, fix);
    }
}

#[tokio::test]
async fn dead_letters_that_pub_sub_may_not_put_away() {
    for (what, cause, fix) in [
        (
            "topic dead-letters",
            "publish to the dead-letter topic",
            "pubsub topics add-iam",
        ),
        (
            "subscription marketplace",
            "take it from the subscription",
            "subscriptions add-iam",
        ),
    ] {
        let cloud = CloudProject::open().await;
        cloud.put(
            &format!("{what}:getIamPolicy"),
            json!({ "etag": "BwYzPp1kQxM=" }),
        );
        cloud.examine(&[]).await.names_only(CHECK, cause, fix);
    }
}

/// An entry of the audit log: who asked for the subscription, and how that ended.
fn attempt(who: &str, code: i32) -> Value {
    json!({ "entries": [{ "protoPayload": {
        "authenticationInfo": {"principalEmail": who},
        "status": {"code": code},
    }}]})
}

#[tokio::test]
async fn a_subscription_that_is_missing_because_of_who_asked_for_it() {
    for (who, code, cause, fix) in [
        (
            "subscriber",
            7,
            "is not linked in Producer Portal",
            "link portico-subscriber",
        ),
        (
            "owner",
            7,
            "as the wrong identity",
            "--impersonate-service-account=portico-subscriber",
        ),
        ("subscriber", 0, "is gone", "apply"),
        (
            "",
            0,
            "there is no subscription",
            "marketplace_topic is not set",
        ),
    ] {
        // Terraform's output is null if it could not make it, and a name if it was deleted since.
        for output in [Value::Null, json!("as it was")] {
            let mut cloud = CloudProject::open().await;
            cloud.remove("subscription marketplace");
            if !who.is_empty() {
                cloud.put("log", attempt(&cloud.account(who), code));
            }
            if output.is_null() {
                cloud.outputs["marketplace_subscription"]["value"] = output;
            }
            cloud.examine(&[]).await.names_only(CHECK, cause, fix);
        }
    }
}

#[tokio::test]
async fn a_subscription_that_another_identity_created() {
    let cloud = CloudProject::open().await;
    cloud.put("log", attempt("somebody@example.com", 0));
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only(
        CHECK,
        "created by another identity",
        "impersonating portico-subscriber",
    );
    assert!(!diagnosis.ended.said.contains("somebody"));
}

#[tokio::test]
async fn a_replay_that_goes_nowhere() {
    let cloud = CloudProject::open().await;
    cloud.put("topic replay/subscriptions", json!({}));
    let check = "replay of dead letters";
    cloud
        .examine(&[])
        .await
        .names_only(check, "goes nowhere", "apply");

    let cloud = CloudProject::open().await;
    cloud.change("subscription replay", "/pushConfig/oidcToken", Value::Null);
    let fix = "subscriptions/portico-replay";
    cloud
        .examine(&[])
        .await
        .names_only(check, "without an identity token", fix);
}

#[tokio::test]
async fn events_that_pile_up() {
    for (metric, subscription, value, cause, fix) in [
        (
            "num_undelivered_messages",
            "portico-dead-letters",
            "3",
            "3 dead letters wait",
            "operator dead-letters replay --subscription projects/",
        ),
        (
            "oldest_unacked_message_age",
            "portico-marketplace",
            "7300",
            "undelivered for 2 h",
            "procurement-events",
        ),
    ] {
        let cloud = CloudProject::open().await;
        let series = json!({
            "metric": {"type": format!("pubsub.googleapis.com/subscription/{metric}")},
            "resource": {"labels": {"subscription_id": subscription}},
            "points": [{"value": {"int64Value": value}}],
        });
        cloud.put("measured", json!({ "timeSeries": [series] }));
        cloud
            .examine(&[])
            .await
            .names_only("undelivered events", cause, fix);
    }
}

#[tokio::test]
async fn orders_that_wait_although_nobody_has_to_decide() {
    let cloud = CloudProject::open().await;
    let order = cloud.simulator().buy();
    // Bought and not registered: only the customer can go on.
    assert_eq!(cloud.examine(&[]).await.ended.code, Some(0));

    cloud
        .deployment
        .sign_up(&order.account, Some("Example Ltd"))
        .await;
    let diagnosis = cloud.examine(&[]).await;
    let cause =
        "1 of their orders wait for that, since an order cannot be approved before its account";
    diagnosis.names_only(
        "approvals",
        cause,
        "operator approve account ID, and only then",
    );
    assert!(!diagnosis.ended.said.contains("Example Ltd"));

    cloud.simulator().approve_account(&order.account).unwrap();
    cloud
        .deployment
        .put(&order.account, Approval::Approved, None)
        .await;
    let cause = "1 orders wait although their account is approved";
    cloud
        .examine(&[])
        .await
        .names_only("approvals", cause, "operator approve entitlement ID");

    cloud.set("signup", "APPROVAL_POLICY", "manual");
    let ended = cloud.examine(&[]).await.ended;
    assert_eq!(ended.code, Some(0));
    assert!(
        ended.said.contains("1 orders wait for your decision"),
        "{}",
        ended.said
    );

    cloud
        .simulator()
        .approve_entitlement(&order.entitlement)
        .unwrap();
    let rejected = cloud.simulator().buy();
    cloud.simulator().reject_account(&rejected.account).unwrap();
    let cause = "of accounts that were rejected";
    cloud
        .examine(&[])
        .await
        .names_only("approvals", cause, "operator reject entitlement ID");
}
