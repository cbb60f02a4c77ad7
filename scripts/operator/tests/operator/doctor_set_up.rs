//! Mistakes of set-up: each is named by the doctor, and nothing else is.

use jiff::SignedDuration;
use marketplace_simulator::{Fault, Matcher, hosts};
use serde_json::{Value, json};

use crate::cloud_project::{CloudProject, EVENTS_URL, FUNCTIONS, SIGNER, policy};

#[tokio::test]
async fn a_host_that_is_registered_and_not_accepted() {
    for (function, accepted, cause) in [
        (
            "signup",
            "other.example.com",
            "lacks marketplace.example.com",
        ),
        (
            "sso-login",
            "https://marketplace.example.com",
            "in another form",
        ),
    ] {
        let cloud = CloudProject::open().await;
        cloud.set(function, "MARKETPLACE_AUDIENCES", accepted);
        let diagnosis = cloud.examine(&[]).await;
        diagnosis.names_only("sign-up and login address", cause, "marketplace_audiences");
    }
    // What Producer Portal shows counts, not what it should show.
    let cloud = CloudProject::open().await;
    let registered = ["--signup-url", "https://www.example.com/signup"];
    let diagnosis = cloud.examine(&registered).await;
    diagnosis.names_only(
        "sign-up and login address",
        "lacks www.example.com",
        "producer-portal",
    );
}

#[tokio::test]
async fn an_audience_of_identity_tokens_that_is_not_the_callers() {
    let cloud = CloudProject::open().await;
    cloud.set(
        "procurement-events",
        "IDENTITY_AUDIENCE",
        &format!("{EVENTS_URL}/"),
    );
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_first("identity audience", "differ by a slash", "terraform");
    let checks: Vec<_> = diagnosis
        .problems
        .iter()
        .filter_map(|it| it.split(':').next())
        .collect();
    let follow = [
        "Marketplace subscription",
        "replay of dead letters",
        "scheduler",
    ];
    assert_eq!(checks, [&["identity audience"], &follow[..]].concat());

    let cloud = CloudProject::open().await;
    cloud.set("service-account-link", "IDENTITY_AUDIENCE", "https://x");
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only(
        "identity audience",
        "service-account-link answers 401",
        "terraform",
    );
}

#[tokio::test]
async fn a_job_that_is_missing_paused_or_not_let_in() {
    let (check, token) = ("scheduler", "/jobs/0/httpTarget/oidcToken");
    for (pointer, value, cause, fix) in [
        ("/jobs", json!([]), "no job calls /reconcile", "terraform"),
        (
            "/jobs/0/state",
            json!("PAUSED"),
            "is paused",
            "jobs resume portico-reconcile",
        ),
        (
            token,
            Value::Null,
            "without an identity token",
            "--oidc-token-audience",
        ),
        (
            &format!("{token}/audience"),
            json!("https://x"),
            "the audience \"https://x\"",
            "--oidc-",
        ),
        (
            &format!("{token}/serviceAccountEmail"),
            json!("other@example.iam.gserviceaccount.com"),
            "another account than SCHEDULER_IDENTITY",
            "--oidc-service-account-email",
        ),
    ] {
        let cloud = CloudProject::open().await;
        cloud.change("jobs", pointer, value);
        cloud.examine(&[]).await.names_only(check, cause, fix);
    }
}

#[tokio::test]
async fn a_function_that_is_missing_or_closed_or_another_vendor_s() {
    let cloud = CloudProject::open().await;
    cloud.change("service signup", "/invokerIamDisabled", json!(false));
    let fix = "gcloud run services update portico-signup --region=europe-west1";
    cloud
        .examine(&[])
        .await
        .names_only("functions", "SIGNATURE_REMOVED_BY_GOOGLE", fix);

    let cloud = CloudProject::open().await;
    let failed = json!({ "state": "CONDITION_FAILED" });
    cloud.change("service sso-login", "/terminalCondition", failed);
    cloud
        .examine(&[])
        .await
        .names_only("functions", "does not start", "services logs read");

    let cloud = CloudProject::open().await;
    cloud.set("signup", "PROCUREMENT_PROVIDER", "another-partner");
    cloud
        .examine(&[])
        .await
        .names_only("functions", "PROCUREMENT_PROVIDER of signup", "tfvars");

    let cloud = CloudProject::open().await;
    cloud.remove("service sso-login");
    cloud
        .examine(&[])
        .await
        .names_first("functions", "sso-login is not there", "apply");

    let mut cloud = CloudProject::open().await;
    cloud.outputs["functions"]["value"]["signup"]["deployed"] = json!(false);
    cloud
        .examine(&[])
        .await
        .names_first("functions", "no image", "scripts/deploy.sh");
}

#[tokio::test]
async fn a_link_back_to_a_domain_that_is_not_registered() {
    for (domains, cause) in [
        ("example.com", "cannot lead back to app.example.com"),
        ("", "REDIRECT_DOMAINS is not set"),
    ] {
        let cloud = CloudProject::open().await;
        cloud.set("service-account-link", "REDIRECT_DOMAINS", domains);
        let diagnosis = cloud.examine(&[]).await;
        diagnosis.names_only("link back from Google", cause, "Partner Engineer");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong() {
    for (ahead, cause) in [(3_600, "s slow"), (-90, "s fast")] {
        let cloud = CloudProject::open().await;
        cloud
            .simulator()
            .set_clock_ahead(SignedDuration::from_secs(ahead));
        cloud
            .examine(&[])
            .await
            .names_only("clock", cause, "timedatectl");
    }
    let cloud = CloudProject::open().await;
    cloud
        .simulator()
        .set_clock_ahead(SignedDuration::from_secs(10));
    assert_eq!(cloud.examine(&[]).await.ended.code, Some(0));
}

#[tokio::test]
async fn keys_that_cannot_be_fetched() {
    for (fault, cause) in [
        (Fault::status(503), "Google answers 503"),
        (Fault::cut(), "cannot be fetched from here"),
        (Fault::garbage(), "cannot be fetched from here"),
    ] {
        let cloud = CloudProject::open().await;
        cloud
            .simulator()
            .faults()
            .always(Matcher::marketplace_keys(), fault);
        cloud.examine(&[]).await.names_only("keys", cause, "");
    }
    let mut cloud = CloudProject::open().await;
    let url = "https://www.googleapis.com/service_accounts/v1/metadata/x509/gone@p.iam";
    cloud.outputs["hand_off_keys_url"]["value"] = json!(url);
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_first("keys", "their account is not there", "apply");
}

#[tokio::test]
async fn a_signer_that_is_missing_or_disabled_or_may_not_be_used() {
    let cloud = CloudProject::open().await;
    cloud.remove("signer");
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_first("hand-off signer", "HAND_OFF_SIGNER is not there", "apply");

    let cloud = CloudProject::open().await;
    cloud.put("signer", json!({ "email": SIGNER, "disabled": true }));
    let diagnosis = cloud.examine(&[]).await;
    let fix = format!("gcloud iam service-accounts enable {SIGNER}");
    diagnosis.names_first("hand-off signer", "is disabled", &fix);

    let cloud = CloudProject::open().await;
    let only = [cloud.account("signup")];
    let policy = policy("projects/example-project/roles/portico_sign_jwt", &only);
    let address = format!("{}:getIamPolicy", cloud.address("signer"));
    cloud.simulator().put_cloud_resource(&address, policy);
    let diagnosis = cloud.examine(&[]).await;
    let fix = format!("--member=serviceAccount:{}", cloud.account("sso-login"));
    diagnosis.names_only(
        "hand-off signer",
        "sso-login cannot hand customers over",
        &fix,
    );

    let cloud = CloudProject::open().await;
    cloud.set("signup", "HAND_OFF_SIGNER", &cloud.account("signup"));
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only("hand-off signer", "signs with another account", "apply");
}

#[tokio::test]
async fn a_database_that_is_missing_or_keeps_everything_or_lets_nobody_in() {
    let cloud = CloudProject::open().await;
    cloud.remove("database");
    cloud
        .examine(&[])
        .await
        .names_only("database", "there is no database", "FIRESTORE_DATABASE");

    let cloud = CloudProject::open().await;
    cloud.put("database", json!({ "type": "DATASTORE_MODE" }));
    cloud
        .examine(&[])
        .await
        .names_only("database", "not in native mode", "firestore_database");

    let cloud = CloudProject::open().await;
    cloud.put("expiry sessions", json!({ "indexConfig": {} }));
    let fix = "ttls update expire_at --collection-group=sessions";
    cloud
        .examine(&[])
        .await
        .names_only("database", "expired sessions are never deleted", fix);

    let cloud = CloudProject::open().await;
    let others = [1, 2, 3].map(|n| cloud.account(FUNCTIONS[n]));
    cloud.put("policy", policy("roles/datastore.user", &others));
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only(
        "database",
        "signup lacks the role roles/datastore.user",
        "add-iam-policy",
    );
}

#[tokio::test]
async fn a_topic_that_is_missing_or_closed_or_not_the_application_s() {
    let check = "events topic";
    let cloud = CloudProject::open().await;
    cloud.remove("topic changes");
    cloud
        .examine(&[])
        .await
        .names_first(check, "EVENTS_TOPIC does not exist", "topics create");

    let cloud = CloudProject::open().await;
    let only = [cloud.account("signup")];
    cloud.put(
        "topic changes:getIamPolicy",
        policy("roles/pubsub.publisher", &only),
    );
    let fix = "--role=roles/pubsub.publisher";
    let cause =
        "procurement-events cannot notify your application: it may not publish to EVENTS_TOPIC";
    cloud.examine(&[]).await.names_only(check, cause, fix);

    let cloud = CloudProject::open().await;
    cloud.set(
        "signup",
        "EVENTS_TOPIC",
        "projects/example-project/topics/other",
    );
    cloud
        .examine(&[])
        .await
        .names_only(check, "publishes to another topic", "apply");
}

#[tokio::test]
async fn a_link_that_is_missing_is_told_from_a_role_that_is() {
    let check = "Procurement API";
    let refused = |text| Fault::refused(text);
    let disabled = "Cloud Commerce Partner Procurement API has not been used in project 1 before or it \
                    is disabled.";
    let charged = "Caller does not have required permission to use project vendor-1. Grant the caller \
                   the roles/serviceusage.serviceUsageConsumer role, or a custom role with it.";
    for (fault, cause, fix) in [
        (
            Fault::status(403),
            "is not linked in Producer Portal",
            "most likely: link",
        ),
        (
            refused(disabled),
            "is not enabled",
            "gcloud services enable cloudcommerceprocurement",
        ),
        (
            refused(charged),
            "charged to the project",
            "roles/serviceusage.serviceUsageConsumer",
        ),
        (
            Fault::status(404),
            "no vendor by this PROCUREMENT_PROVIDER",
            "provider id",
        ),
    ] {
        let cloud = CloudProject::open().await;
        cloud
            .simulator()
            .faults()
            .always(Matcher::procurement(), fault);
        let diagnosis = cloud.examine(&[]).await;
        diagnosis.names_first(check, cause, fix);
        // What waits cannot be read then; nothing else is unknown.
        assert_eq!(
            (diagnosis.problems.len(), diagnosis.unknown.len()),
            (1, 1),
            "{diagnosis:#?}"
        );
    }
    let cloud = CloudProject::open().await;
    let faults = cloud.simulator().faults();
    for host in [hosts::PROCUREMENT, hosts::RUN, hosts::RESOURCE_MANAGER] {
        faults.always(Matcher::any().host(host), Fault::status(403));
    }
    let diagnosis = cloud.examine(&[]).await;
    let fix = "first: gcloud projects add-iam-policy-binding";
    diagnosis.names_first(
        check,
        "it lacks IAM roles in the project, and most likely",
        fix,
    );
}

#[tokio::test]
async fn a_function_whose_account_is_not_linked() {
    let cloud = CloudProject::open().await;
    let line = |service: &str| json!({ "resource": {"labels": {"service_name": service}} });
    let lines = ["portico-signup", "another-service", "portico-signup"].map(line);
    cloud.put("log", json!({ "entries": lines }));
    let diagnosis = cloud.examine(&[]).await;
    let fix = format!("link {}", cloud.account("signup"));
    diagnosis.names_only(
        "Procurement API",
        "refused signup in the last six hours",
        &fix,
    );
}
