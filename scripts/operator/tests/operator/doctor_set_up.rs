//! Mistakes of set-up: each is named by the doctor, and nothing else is.

use jiff::SignedDuration;
use marketplace_simulator::{Fault, Matcher, hosts};
use serde_json::json;

use crate::cloud_project::{CloudProject, Diagnosis, EVENTS_URL, FUNCTIONS, each_is_named, policy};

#[tokio::test]
async fn a_host_that_is_registered_and_not_accepted() {
    let (check, fix) = ("sign-up and login address", "marketplace_audiences");
    for (mistake, cause) in [
        (
            "signup MARKETPLACE_AUDIENCES=other.example.com",
            "lacks marketplace.example.com",
        ),
        (
            "sso-login MARKETPLACE_AUDIENCES=https://marketplace.example.com",
            "in another form",
        ),
    ] {
        let mistake = format!("{mistake} | {cause} | {fix}");
        each_is_named(check, Diagnosis::names_only, &[&mistake]).await;
    }
    // What Producer Portal shows counts, not what it should show.
    let cloud = CloudProject::open().await;
    let registered = ["--signup-url", "https://www.example.com/signup"];
    let diagnosis = cloud.examine(&registered).await;
    diagnosis.names_only(check, "lacks www.example.com", "producer-portal");
}

#[tokio::test]
async fn an_audience_of_identity_tokens_that_is_not_the_callers() {
    let check = "identity audience";
    let cloud = CloudProject::open().await;
    let audience = format!("{EVENTS_URL}/");
    cloud.set("procurement-events", "IDENTITY_AUDIENCE", &audience);
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_first(check, "differ by a slash", "terraform");
    let problems = diagnosis.problems.iter();
    let checks: Vec<_> = problems.filter_map(|it| it.split(':').next()).collect();
    let follow = [
        "Marketplace subscription",
        "replay of dead letters",
        "scheduler",
    ];
    assert_eq!(checks, [&[check], &follow[..]].concat());

    let link = "service-account-link IDENTITY_AUDIENCE=https://x | \
                service-account-link answers 401 | terraform";
    each_is_named(check, Diagnosis::names_only, &[link]).await;
}

#[tokio::test]
async fn a_job_that_is_missing_paused_or_not_let_in() {
    let token = "jobs /jobs/0/httpTarget/oidcToken";
    let other = r#""other@example.iam.gserviceaccount.com" | another service account than SCHEDULER_IDENTITY"#;
    let mistakes = [
        "jobs /jobs [] | no job calls /reconcile | terraform",
        r#"jobs /jobs/0/state "PAUSED" | is paused | jobs resume portico-reconcile"#,
        &format!("{token} null | without an identity token | --oidc-token-audience"),
        &format!(r#"{token}/audience "https://x" | the audience "https://x" | --oidc-"#),
        &format!("{token}/serviceAccountEmail {other} | --oidc-service-account-email"),
    ];
    each_is_named("scheduler", Diagnosis::names_only, &mistakes).await;
}

#[tokio::test]
async fn a_function_that_is_missing_or_closed_or_another_vendor_s() {
    let check = "functions";
    let mistakes = [
        "service signup /invokerIamDisabled false | SIGNATURE_REMOVED_BY_GOOGLE | \
         gcloud run services update portico-signup --region=europe-west1",
        "service sso-login /terminalCondition {\"state\": \"CONDITION_FAILED\"} | does not start | \
         services logs read",
        "signup PROCUREMENT_PROVIDER=another-partner | PROCUREMENT_PROVIDER of signup | tfvars",
    ];
    each_is_named(check, Diagnosis::names_only, &mistakes).await;
    let missing = "service sso-login | sso-login is not there | apply";
    each_is_named(check, Diagnosis::names_first, &[missing]).await;

    let mut cloud = CloudProject::open().await;
    cloud.outputs["functions"]["value"]["signup"]["deployed"] = json!(false);
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_first(check, "no image", "scripts/deploy.sh");
}

#[tokio::test]
async fn a_link_back_to_a_domain_that_is_not_registered() {
    let mistakes = [
        "service-account-link REDIRECT_DOMAINS=example.com | cannot lead back to app.example.com | \
         Partner Engineer",
        "service-account-link REDIRECT_DOMAINS= | REDIRECT_DOMAINS is not set | Partner Engineer",
    ];
    each_is_named("link back from Google", Diagnosis::names_only, &mistakes).await;
}

#[tokio::test]
async fn a_clock_that_is_wrong() {
    for (ahead, cause) in [(3_600, "s slow"), (-90, "s fast"), (10, "")] {
        let cloud = CloudProject::open().await;
        let ahead = SignedDuration::from_secs(ahead);
        cloud.simulator().set_clock_ahead(ahead);
        let diagnosis = cloud.examine(&[]).await;
        if cause.is_empty() {
            assert_eq!(diagnosis.ended.code, Some(0));
        } else {
            diagnosis.names_only("clock", cause, "timedatectl");
        }
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched() {
    for (fault, cause) in [
        (Fault::status(503), "Google answers 503"),
        (Fault::cut(), "cannot be fetched from here"),
        (Fault::garbage(), "cannot be fetched from here"),
    ] {
        let cloud = CloudProject::open().await;
        let faults = cloud.simulator().faults();
        faults.always(Matcher::marketplace_keys(), fault);
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
    let check = "hand-off signer";
    let mistakes = [
        "signer | HAND_OFF_SIGNER is not there | apply",
        "signer /disabled true | is disabled | gcloud iam service-accounts enable \
         hand-off@example-project.iam.gserviceaccount.com",
    ];
    each_is_named(check, Diagnosis::names_first, &mistakes).await;

    let cloud = CloudProject::open().await;
    let only = [cloud.account("signup")];
    let policy = policy("projects/example-project/roles/portico_sign_jwt", &only);
    cloud.put("signer :getIamPolicy", policy);
    let diagnosis = cloud.examine(&[]).await;
    let fix = format!("--member=serviceAccount:{}", cloud.account("sso-login"));
    diagnosis.names_only(check, "sso-login cannot hand customers over", &fix);

    let cloud = CloudProject::open().await;
    cloud.set("signup", "HAND_OFF_SIGNER", &cloud.account("signup"));
    let diagnosis = cloud.examine(&[]).await;
    diagnosis.names_only(check, "signs with another account", "apply");
}

#[tokio::test]
async fn a_database_that_is_missing_or_keeps_everything_or_lets_nobody_in() {
    let check = "database";
    let mistakes = [
        "database | there is no database | FIRESTORE_DATABASE",
        r#"database /type "DATASTORE_MODE" | not in native mode | firestore_database"#,
        "expiry sessions /ttlConfig null | expired sessions are never deleted | \
         ttls update expire_at --collection-group=sessions",
    ];
    each_is_named(check, Diagnosis::names_only, &mistakes).await;

    let cloud = CloudProject::open().await;
    let others = [1, 2, 3].map(|n| cloud.account(FUNCTIONS[n]));
    cloud.put("policy", policy("roles/datastore.user", &others));
    let diagnosis = cloud.examine(&[]).await;
    let cause = "signup lacks the role roles/datastore.user";
    diagnosis.names_only(check, cause, "add-iam-policy");
}

#[tokio::test]
async fn a_topic_that_is_missing_or_closed_or_not_the_application_s() {
    let check = "events topic";
    let missing = "topic changes | EVENTS_TOPIC does not exist | topics create";
    each_is_named(check, Diagnosis::names_first, &[missing]).await;
    let other = "signup EVENTS_TOPIC=projects/example-project/topics/other | \
                 publishes to another topic | apply";
    each_is_named(check, Diagnosis::names_only, &[other]).await;

    let cloud = CloudProject::open().await;
    let only = policy("roles/pubsub.publisher", &[cloud.account("signup")]);
    cloud.put("topic changes:getIamPolicy", only);
    let fix = "--role=roles/pubsub.publisher";
    let cause =
        "procurement-events cannot notify your application: it may not publish to EVENTS_TOPIC";
    cloud.examine(&[]).await.names_only(check, cause, fix);
}

#[tokio::test]
async fn a_missing_link_is_distinguished_from_a_missing_role() {
    let check = "Procurement API";
    let disabled = "Cloud Commerce Partner Procurement API has not been used in project 1 before or it \
                    is disabled.";
    let charged = "Caller does not have required permission to use project vendor-1. Grant the caller \
                   the roles/serviceusage.serviceUsageConsumer role, or a custom role with it.";
    let role = "roles/serviceusage.serviceUsageConsumer";
    let enable = "gcloud services enable cloudcommerceprocurement";
    let vendor = "no vendor by this PROCUREMENT_PROVIDER";
    for (fault, cause, fix) in [
        (
            Fault::status(403),
            "is not linked in Producer Portal",
            "most likely: link",
        ),
        (Fault::refused(disabled), "is not enabled", enable),
        (Fault::refused(charged), "charged to the project", role),
        (Fault::status(404), vendor, "provider id"),
    ] {
        let cloud = CloudProject::open().await;
        cloud
            .simulator()
            .faults()
            .always(Matcher::procurement(), fault);
        let diagnosis = cloud.examine(&[]).await;
        diagnosis.names_first(check, cause, fix);
        // What waits cannot be read then; nothing else is unknown.
        let found = (diagnosis.problems.len(), diagnosis.unknown.len());
        assert_eq!(found, (1, 1), "{diagnosis:#?}");
    }
    let cloud = CloudProject::open().await;
    let faults = cloud.simulator().faults();
    for host in [hosts::PROCUREMENT, hosts::RUN, hosts::RESOURCE_MANAGER] {
        faults.always(Matcher::any().host(host), Fault::status(403));
    }
    let diagnosis = cloud.examine(&[]).await;
    let fix = "first: gcloud projects add-iam-policy-binding";
    let cause = "it lacks IAM roles in the project, and most likely";
    diagnosis.names_first(check, cause, fix);
}

#[tokio::test]
async fn a_function_whose_account_is_not_linked() {
    let cloud = CloudProject::open().await;
    let line = |service: &str| json!({ "resource": {"labels": {"service_name": service}} });
    let lines = ["portico-signup", "another-service", "portico-signup"].map(line);
    cloud.put("log", json!({ "entries": lines }));
    let diagnosis = cloud.examine(&[]).await;
    let fix = format!("link {}", cloud.account("signup"));
    let cause = "refused signup in the last six hours";
    diagnosis.names_only("Procurement API", cause, &fix);
}
