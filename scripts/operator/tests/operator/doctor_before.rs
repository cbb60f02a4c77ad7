//! The doctor before the first apply: what is in its way is named with the variable or the command that answers it,
//! and a look that cannot be taken keeps no other from being taken.

use marketplace_simulator::{Fault, Matcher, hosts};
use serde_json::{Value, json};

use crate::bare_project::{BareProject, HOSTS, PROJECT};
use crate::cloud_project::{Diagnosis, REGION};
use crate::deployment::{Environment, assert_has, run};

#[tokio::test]
async fn a_project_that_is_ready_is_said_to_be_and_is_left_as_it_is() {
    let bare = BareProject::open().await;
    let said = bare.examine().await.ended.done();
    let end = "Nothing is known that stands in the way of the first apply.\n";
    assert!(said.ends_with(end), "{said}");
    let fine = said.lines().filter(|line| line.starts_with("ok "));
    assert_eq!(fine.count(), 8, "{said}");
    assert!(!said.contains('@'), "{said}");
    assert_eq!(bare.simulator.violations(), Vec::<String>::new());
    let calls = bare.simulator.calls().all();
    for host in HOSTS {
        assert!(calls.iter().any(|call| call.host == host), "{host}");
    }
    for call in calls {
        let reads = call.method == "GET" || call.path.ends_with(":testIamPermissions");
        assert!(reads, "{} {}", call.method, call.path);
    }
}

#[tokio::test]
async fn project_and_provider_may_be_variables() {
    let mut bare = BareProject::open().await;
    let arguments = ["doctor", "--before", "--region", REGION];
    let complained = run(&bare.environment, &arguments).await.failed(64);
    assert_has(
        &complained,
        &["GOOGLE_CLOUD_PROJECT", "PROCUREMENT_PROVIDER"],
    );
    for (name, value) in [
        ("GOOGLE_CLOUD_PROJECT", PROJECT),
        ("PROCUREMENT_PROVIDER", "example-partner"),
    ] {
        bare.environment.insert(name.to_owned(), value.to_owned());
    }
    run(&bare.environment, &arguments).await.done();
}

#[tokio::test]
async fn arguments_that_do_not_go_together_are_refused() {
    let needed = ["--before", "--project", PROJECT, "--provider", "p"];
    for arguments in [
        &needed[..],
        &[&needed[..], &["--region", "europe-west1-b"]].concat(),
        &[&needed[..], &["--region", REGION, "--outputs", "-"]].concat(),
        &[
            &needed[..],
            &["--region", REGION, "--firestore-location", "eu/3"],
        ]
        .concat(),
        &["--region", REGION],
        &["--load-balancer"],
        &["--project", PROJECT],
    ] {
        let arguments = [&["doctor"], arguments].concat();
        let complained = run(&Environment::new(), &arguments).await.failed(64);
        assert!(complained.contains("--"), "{arguments:?}: {complained}");
    }
}

fn only(values: &[&str]) -> Value {
    json!({ "values": {"allowedValues": values} })
}

#[tokio::test]
async fn an_organization_policy_that_breaks_the_apply_is_named_with_what_answers_it() {
    let enforced = json!({ "enforce": true });
    let (inside, behind) = ("internal", "internal-and-cloud-load-balancing");
    let balanced = &["--load-balancer"][..];
    let elsewhere = &["--firestore-location", "us-east1"][..];
    let here = only(&["in:europe-west1-locations"]);
    for (constraint, rule, options, cause, fix) in [
        (
            "run.managed.requireInvokerIam",
            enforced,
            balanced,
            "refuses services without its own IAM check",
            "gcloud org-policies set-policy",
        ),
        (
            "run.allowedIngress",
            only(&[inside, behind]),
            &[],
            "does not allow all",
            "domain in terraform.tfvars",
        ),
        (
            "run.allowedIngress",
            only(&[inside]),
            balanced,
            behind,
            "no variable answers it",
        ),
        (
            "gcp.resourceLocations",
            only(&["in:us-locations"]),
            balanced,
            "does not allow europe-west1",
            "region in terraform.tfvars",
        ),
        (
            "gcp.resourceLocations",
            json!({ "denyAll": true }),
            balanced,
            "does not allow europe-west1",
            "region in terraform.tfvars",
        ),
        (
            "gcp.resourceLocations",
            here,
            elsewhere,
            "does not allow us-east1",
            "firestore_location in terraform.tfvars",
        ),
    ] {
        let bare = BareProject::open().await;
        bare.restrict(constraint, &rule);
        let diagnosis = bare.examine_with(options).await;
        diagnosis.names_only("organization policies", cause, fix);
        let problem = &diagnosis.problems[0];
        assert!(problem.contains(constraint), "{problem}");
    }
}

#[tokio::test]
async fn restricted_members_are_a_question_and_with_the_invoker_check_the_end() {
    for (constraint, rule) in [
        ("iam.allowedPolicyMemberDomains", only(&["C01abc"])),
        (
            "iam.managed.allowedPolicyMembers",
            json!({ "enforce": true }),
        ),
    ] {
        let bare = BareProject::open().await;
        bare.restrict(constraint, &rule);
        let diagnosis = bare.examine().await;
        assert_eq!(diagnosis.ended.code, Some(69), "{diagnosis:#?}");
        let says = [constraint, "→ operators in terraform.tfvars"];
        assert_has(&diagnosis.unknown[0], &says);

        let invoker = "run.managed.requireInvokerIam";
        bare.restrict(invoker, &json!({ "enforce": true }));
        let diagnosis = bare.examine().await;
        assert_eq!(diagnosis.ended.code, Some(1), "{diagnosis:#?}");
        let says = [
            invoker,
            constraint,
            "no service of this project can be public",
        ];
        assert_has(&diagnosis.problems[0], &says);
    }
}

#[tokio::test]
async fn a_policy_of_which_only_google_knows_what_it_means_is_not_guessed() {
    let bare = BareProject::open().await;
    bare.restrict("gcp.resourceLocations", &only(&["in:eu-locations"]));
    let diagnosis = bare.examine().await;
    let counts = (diagnosis.problems.len(), diagnosis.unknown.len());
    assert_eq!(counts, (0, 1), "{diagnosis:#?}");
    let command = format!(
        "gcloud org-policies describe gcp.resourceLocations --project={PROJECT} --effective"
    );
    assert_has(&diagnosis.unknown[0], &["europe-west1 (region)", &command]);
}

#[tokio::test]
async fn what_the_project_lacks_is_named() {
    type Mistake = fn(&BareProject);
    let mistakes: [(Mistake, &str, &str, &str); 6] = [
        (
            |bare| bare.put_apis("DISABLED"),
            "APIs",
            "not enabled both",
            "gcloud services enable serviceusage.googleapis.com cloudresourcemanager.googleapis.com \
             --project=vendor-marketplace",
        ),
        (
            |bare| bare.put("billing", json!({ "billingEnabled": false })),
            "billing",
            "no billing account",
            "gcloud billing projects link vendor-marketplace",
        ),
        (
            |bare| bare.allow_all_but("run.services.setIamPolicy"),
            "your permissions",
            "the apply uses: run.services.setIamPolicy",
            "--role=roles/run.admin",
        ),
        (
            |bare| bare.remove("services"),
            "region",
            "no region europe-west1",
            "region in terraform.tfvars",
        ),
        (
            |bare| bare.put_quota(10, 10),
            "Cloud Armor",
            "SECURITY_POLICIES has no room: 10 of 10",
            "load_balancer = false in terraform.tfvars",
        ),
        (
            |bare| {
                let vendor = Matcher::procurement();
                let unknown = Fault::status(404);
                bare.simulator.faults().always(vendor, unknown);
            },
            "Producer Portal",
            "no vendor by this provider id",
            "procurement_provider in terraform.tfvars",
        ),
    ];
    for (mistake, check, cause, fix) in mistakes {
        let bare = BareProject::open().await;
        mistake(&bare);
        bare.examine().await.names_only(check, cause, fix);
    }
}

#[tokio::test]
async fn a_region_that_google_refuses_to_speak_of_is_none() {
    let bare = BareProject::open().await;
    let text = "Permission denied on 'locations/europe-west1' (or it may not exist).";
    let regions = Matcher::any().host(hosts::RUN);
    bare.simulator
        .faults()
        .always(regions, Fault::refused(text));
    let diagnosis = bare.examine().await;
    diagnosis.names_only(
        "region",
        "no region europe-west1",
        "gcloud run regions list",
    );
}

#[tokio::test]
async fn without_a_load_balancer_no_quota_of_it_is_looked_at() {
    let bare = BareProject::open().await;
    bare.put_quota(0, 0);
    bare.allow_all_but("compute.securityPolicies.create");
    bare.examine_with(&[]).await.ended.done();
    let calls = bare.simulator.calls().all();
    assert!(calls.iter().all(|call| call.host != hosts::COMPUTE));
}

#[tokio::test]
async fn a_project_that_does_not_exist_is_one_problem() {
    let absent = |diagnosis: &Diagnosis| {
        let create = "gcloud projects create vendor-marketplace";
        diagnosis.names_only("project", "there is no such project", create);
        let mut lines = diagnosis.ended.said.lines();
        assert!(!lines.any(|line| line.starts_with("ok ")), "{diagnosis:#?}");
    };
    let bare = BareProject::open().await;
    bare.remove("project");
    absent(&bare.examine().await);
    // To those who may not see it, it does not exist either.
    let bare = BareProject::open().await;
    let manager = Matcher::any().host(hosts::RESOURCE_MANAGER);
    bare.simulator.faults().always(manager, Fault::status(403));
    absent(&bare.examine().await);

    let bare = BareProject::open().await;
    bare.put("project", json!({ "lifecycleState": "DELETE_REQUESTED" }));
    let diagnosis = bare.examine().await;
    diagnosis.names_only("project", "being deleted", "gcloud projects undelete");
}

#[tokio::test]
async fn missing_credentials_are_said_once() {
    let bare = BareProject::open().await;
    let faults = bare.simulator.faults();
    faults.always(Matcher::access_token(), Fault::status(404));
    let diagnosis = bare.examine().await;
    assert_eq!(diagnosis.ended.code, Some(69), "{diagnosis:#?}");
    let counts = (diagnosis.problems.len(), diagnosis.unknown.len());
    assert_eq!(counts, (0, 1), "{diagnosis:#?}");
    let login = "→ gcloud auth application-default login";
    assert_has(&diagnosis.unknown[0], &["there are no credentials", login]);
}

#[tokio::test]
async fn an_api_that_is_not_enabled_is_told_how_to_be() {
    let text = "It has not been used in project 1 before or it is disabled. Enable it by visiting";
    for host in HOSTS {
        let bare = BareProject::open().await;
        let matcher = Matcher::any().host(host);
        bare.simulator
            .faults()
            .always(matcher, Fault::refused(text));
        let diagnosis = bare.examine().await;
        let first = [hosts::RESOURCE_MANAGER, hosts::SERVICE_USAGE].contains(&host);
        let (found, command) = if first {
            let both = format!("{} {}", hosts::SERVICE_USAGE, hosts::RESOURCE_MANAGER);
            (&diagnosis.problems, both)
        } else {
            assert_eq!(diagnosis.problems, Vec::<String>::new(), "{host}");
            (&diagnosis.unknown, host.to_owned())
        };
        let command = format!("→ gcloud services enable {command} --project={PROJECT}");
        assert_has(&found[0], &[&command]);
        assert_eq!(diagnosis.ended.code, Some(if first { 1 } else { 69 }));
    }
}

#[tokio::test]
async fn a_look_that_is_refused_is_not_known_and_the_others_go_on() {
    for (host, path, role) in [
        (
            hosts::RESOURCE_MANAGER,
            ":testIamPermissions",
            "roles/viewer",
        ),
        (
            hosts::SERVICE_USAGE,
            "",
            "roles/serviceusage.serviceUsageViewer",
        ),
        (hosts::BILLING, "", "roles/viewer"),
        (hosts::RUN, "", "roles/run.viewer"),
        (hosts::ORG_POLICY, "", "roles/orgpolicy.policyViewer"),
        (hosts::COMPUTE, "", "roles/compute.viewer"),
    ] {
        let bare = BareProject::open().await;
        let matcher = Matcher::any().host(host).path(path);
        bare.simulator.faults().always(matcher, Fault::status(403));
        let diagnosis = bare.examine().await;
        assert_eq!(diagnosis.ended.code, Some(69), "{host}: {diagnosis:#?}");
        let counts = (diagnosis.problems.len(), diagnosis.unknown.len());
        assert_eq!(counts, (0, 1), "{host}: {diagnosis:#?}");
        assert_has(&diagnosis.unknown[0], &["could not be", role]);
        let said = diagnosis.ended.said.lines();
        let fine = said.filter(|line| line.starts_with("ok "));
        assert_eq!(fine.count(), 7, "{host}: {diagnosis:#?}");
    }
}

#[tokio::test]
async fn an_account_that_is_not_linked_yet_is_in_no_way() {
    let bare = BareProject::open().await;
    let faults = bare.simulator.faults();
    faults.always(Matcher::procurement(), Fault::status(403));
    let said = bare.examine().await.ended.done();
    assert_has(
        &said,
        &["nothing of the link is visible", "service_accounts_to_link"],
    );
}
