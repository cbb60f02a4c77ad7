//! The doctor: what it says of a deployment that is well, and what it says when it cannot see.

use std::collections::BTreeMap;

use marketplace_simulator::{Fault, Matcher, hosts};
use serde_json::json;

use crate::cloud_project::{CloudProject, Diagnosis};
use crate::deployment::{Ended, Environment, assert_has, run};

#[tokio::test]
async fn a_deployment_that_is_well_is_said_to_be() {
    let cloud = CloudProject::open().await;
    let said = cloud.examine(&[]).await.ended.done();
    assert!(said.ends_with("All is well.\n"));
    let fine = said.lines().filter(|line| line.starts_with("ok "));
    assert_eq!(fine.count(), 16);
    assert!(!said.contains('@'), "{said}");
    assert_eq!(cloud.simulator().violations(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_changed() {
    let cloud = CloudProject::open().await;
    cloud.examine(&[]).await;
    let calls = cloud.simulator().calls().all();
    assert!(calls.len() > 30);
    for call in calls {
        let reads = call.method == "GET"
            || call.path.ends_with(":getIamPolicy")
            || call.path == "/v2/entries:list";
        assert!(reads, "{} {}", call.method, call.path);
    }
}

#[tokio::test]
async fn terraform_s_outputs_stand_in_for_variables_that_are_not_set() {
    let mut cloud = CloudProject::open().await;
    let names = ["PROCUREMENT_PROVIDER", "PRODUCTS", "GOOGLE_CLOUD_PROJECT"];
    let taken = names.map(|name| (name, cloud.deployment.environment.remove(name)));
    let missing = cloud.examine(&[]).await.ended;
    // The output has nothing but PRODUCTS yet.
    assert_eq!(missing.code, Some(64));
    assert_eq!(missing.complained.lines().count(), 2);
    cloud.outputs["operator_environment"]["value"] = json!(BTreeMap::from(taken));
    assert_eq!(cloud.examine(&[]).await.ended.code, Some(0));
}

#[tokio::test]
async fn without_outputs_it_says_what_it_does_not_know() {
    let cloud = CloudProject::open().await;
    let diagnosis = Diagnosis::of(run(&cloud.deployment.environment, &["doctor"]).await);
    let Ended {
        code,
        said,
        complained,
    } = &diagnosis.ended;
    assert_eq!((*code, diagnosis.problems.len()), (Some(69), 0));
    assert!(diagnosis.unknown.len() > 5);
    let hint = "→ terraform -chdir=terraform output -json | operator doctor --outputs -";
    for unknown in &diagnosis.unknown {
        assert_has(unknown, &[hint]);
    }
    assert_has(complained, &["no problem was found, and"]);
    assert_has(said, &["ok         clock: "]);
}

#[tokio::test]
async fn outputs_that_are_none_are_refused() {
    let cloud = CloudProject::open().await;
    for file in ["/nowhere/outputs.json", "/dev/null"] {
        let ended = cloud.deployment.run(&["doctor", "--outputs", file]).await;
        assert_has(&ended.failed(64), &["Terraform's outputs"]);
    }
}

#[tokio::test]
async fn what_the_caller_may_not_read_is_not_known() {
    for (host, part) in [
        (hosts::RUN, "roles/run.viewer"),
        (hosts::SCHEDULER, "roles/cloudscheduler.viewer"),
        (hosts::PUBSUB, "roles/pubsub.viewer"),
        (hosts::FIRESTORE, "roles/datastore.viewer"),
        (hosts::MONITORING, "roles/monitoring.viewer"),
        (hosts::LOGGING, "roles/logging.viewer"),
        (hosts::IAM, "roles/iam.serviceAccountViewer"),
        (hosts::RESOURCE_MANAGER, "roles/iam.securityReviewer"),
    ] {
        let cloud = CloudProject::open().await;
        let faults = cloud.simulator().faults();
        faults.always(Matcher::any().host(host), Fault::status(403));
        let diagnosis = cloud.examine(&[]).await;
        assert_eq!(diagnosis.ended.code, Some(69), "{host}: {diagnosis:#?}");
        assert!(diagnosis.unknown[0].contains(part), "{diagnosis:#?}");
    }
}

#[tokio::test]
async fn an_api_that_is_not_enabled_is_named() {
    let cloud = CloudProject::open().await;
    let text = "Cloud Monitoring API has not been used in project 1 before or it is disabled.";
    let faults = cloud.simulator().faults();
    faults.always(Matcher::any().host(hosts::MONITORING), Fault::refused(text));
    let diagnosis = cloud.examine(&[]).await;
    assert_eq!(diagnosis.ended.code, Some(69));
    let fix = "→ gcloud services enable monitoring.googleapis.com";
    assert!(diagnosis.unknown[0].contains(fix), "{diagnosis:#?}");
}

#[tokio::test]
async fn an_outage_or_missing_credentials_are_no_problem_of_the_deployment() {
    let run = || Matcher::any().host(hosts::RUN);
    let (nothing, denied) = ("no usable answer", "there are no credentials");
    for (matcher, fault, part) in [
        (run(), Fault::status(503), nothing),
        (run(), Fault::garbage(), nothing),
        (Matcher::procurement(), Fault::status(503), nothing),
        (Matcher::access_token(), Fault::status(404), denied),
    ] {
        let cloud = CloudProject::open().await;
        cloud.simulator().faults().always(matcher, fault);
        let diagnosis = cloud.examine(&[]).await;
        assert_eq!(diagnosis.problems, Vec::<String>::new());
        assert_eq!(diagnosis.ended.code, Some(69));
        assert!(diagnosis.unknown[0].contains(part), "{diagnosis:#?}");
    }
}

#[tokio::test]
async fn its_help_says_how_it_is_called_and_what_it_answers() {
    let ended = run(&Environment::new(), &["doctor", "--help"]).await;
    let pipe = "output -json | operator doctor";
    assert_has(&ended.done(), &["--outputs", pipe, "69", "roles/viewer"]);
}
