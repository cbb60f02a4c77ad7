//! Events that do not arrive, and what waits: the doctor names the cause, and nothing else.

use marketplace_simulator::Order;
use serde_json::{Value, json};
use store::Approval;

use crate::cloud_project::{CloudProject, Diagnosis, each_is_named};
use crate::deployment::Ended;

const CHECK: &str = "Marketplace subscription";

#[tokio::test]
async fn a_subscription_with_a_setting_that_loses_events() {
    for line in [
        "/pushConfig {} | pushes nothing | modify-push-config projects/",
        "/pushConfig/pushEndpoint \"https://x/events\" | \
         pushes to \"https://x/ | modify-push-config projects/",
        "/pushConfig/noWrapper {} | without Pub/Sub's envelope | modify-push-config projects/",
        "/pushConfig/oidcToken null | without an identity token | modify-push-config projects/",
        "/pushConfig/oidcToken/audience \"https://x\" | \
         the audience \"https://x\" | modify-push-config projects/",
        r#"/pushConfig/oidcToken/audience null | run.app/events" | modify-push-config projects/"#,
        "/pushConfig/oidcToken/serviceAccountEmail \"other@example.iam.gserviceaccount.com\" | \
         another service account than PUSH_IDENTITY | modify-push-config projects/",
        "/ackDeadlineSeconds 10 | 10 s to answer | --ack-deadline=60",
        r#"/expirationPolicy {"ttl": "2678400s"} | expiration is set | =never"#,
        "/deadLetterPolicy null | no dead-letter topic | --dead-letter-topic=projects/",
        "/deadLetterPolicy/deadLetterTopic \"projects/p/topics/other\" | \
         does not keep | --max-delivery-attempts",
        r#"/topic "projects/p/topics/t" | attached to the wrong topic | delete"#,
        "/topic \"projects/cloudcommerceproc-prod/topics/another-partner\" | \
         that of another provider | as Producer Portal shows it",
        r#"/topic "_deleted-topic_" | cut off from its topic | linked"#,
        "/detached true | cut off from its topic | linked",
    ] {
        let mistake = format!("subscription marketplace {line}");
        each_is_named(CHECK, Diagnosis::names_only, &[&mistake]).await;
    }
}

#[tokio::test]
async fn dead_letters_that_pub_sub_may_not_put_away() {
    for line in [
        "topic dead-letters | publish to the dead-letter topic | pubsub topics add-iam",
        "subscription marketplace | take it from the subscription | subscriptions add-iam",
    ] {
        let mistake = line.replacen(" |", ":getIamPolicy /bindings null |", 1);
        each_is_named(CHECK, Diagnosis::names_only, &[&mistake]).await;
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
    for (who, code, line) in [
        (
            "subscriber",
            7,
            "is not linked in Producer Portal | link portico-subscriber",
        ),
        (
            "owner",
            7,
            "as the wrong identity | --impersonate-service-account=portico-subscriber",
        ),
        ("subscriber", 0, "is gone | apply"),
        (
            "",
            0,
            "there is no subscription | marketplace_topic is not set",
        ),
    ] {
        let (cause, fix) = line.split_once(" | ").unwrap();
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
    let fix = "impersonating portico-subscriber";
    diagnosis.names_only(CHECK, "created by another identity", fix);
    assert!(!diagnosis.ended.said.contains("somebody"));
}

#[tokio::test]
async fn a_replay_that_goes_nowhere() {
    let mistakes = [
        "topic replay/subscriptions /subscriptions null | goes nowhere | apply",
        "subscription replay /pushConfig/oidcToken null | without an identity token | \
         subscriptions/portico-replay",
    ];
    let check = "replay of dead letters";
    each_is_named(check, Diagnosis::names_only, &mistakes).await;
}

#[tokio::test]
async fn events_that_pile_up() {
    for (metric, subscription, value, line) in [
        (
            "num_undelivered_messages",
            "portico-dead-letters",
            "3",
            "3 dead letters wait | operator dead-letters replay --subscription projects/",
        ),
        (
            "oldest_unacked_message_age",
            "portico-marketplace",
            "7300",
            "not been delivered for 2 h | procurement-events",
        ),
    ] {
        let (cause, fix) = line.split_once(" | ").unwrap();
        let cloud = CloudProject::open().await;
        let series = json!({
            "metric": {"type": format!("pubsub.googleapis.com/subscription/{metric}")},
            "resource": {"labels": {"subscription_id": subscription}},
            "points": [{"value": {"int64Value": value}}],
        });
        cloud.put("measured", json!({ "timeSeries": [series] }));
        let diagnosis = cloud.examine(&[]).await;
        diagnosis.names_only("undelivered events", cause, fix);
    }
}

#[tokio::test]
async fn orders_that_wait_although_nobody_has_to_decide() {
    let check = "approvals";
    let cloud = CloudProject::open().await;
    let (deployment, simulator) = (&cloud.deployment, cloud.simulator());
    let Order {
        account,
        entitlement,
        ..
    } = simulator.buy();
    // Bought and not registered: only the customer can go on.
    assert_eq!(cloud.examine(&[]).await.ended.code, Some(0));

    deployment.sign_up(&account, Some("Example Ltd")).await;
    let diagnosis = cloud.examine(&[]).await;
    let cause =
        "1 of their orders wait for that, since an order cannot be approved before its account";
    diagnosis.names_only(check, cause, "operator approve account ID, and only then");
    assert!(!diagnosis.ended.said.contains("Example Ltd"));

    simulator.approve_account(&account).unwrap();
    deployment.put(&account, Approval::Approved, None).await;
    let cause = "1 orders wait although their account is approved";
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only(check, cause, "operator approve entitlement ID");

    cloud.set("signup", "APPROVAL_POLICY", "manual");
    let Ended { code, said, .. } = cloud.examine(&[]).await.ended;
    assert_eq!(code, Some(0));
    assert!(said.contains("1 orders wait for your decision"), "{said}");

    simulator.approve_entitlement(&entitlement).unwrap();
    let rejected = simulator.buy();
    simulator.reject_account(&rejected.account).unwrap();
    let cause = "of accounts that were rejected";
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only(check, cause, "operator reject entitlement ID");
}
