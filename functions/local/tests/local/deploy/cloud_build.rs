//! `scripts/deploy.sh --cloud-build`: images are built and pushed where no compiler is needed at hand.

use std::fs;

use serde_json::json;

use super::workplace::{REGISTRY, Workplace};
use super::{APPLY, OUTPUT, PLAN, SHOW};

const IN_PROJECT: &str = "--project=vendor-marketplace --region=global";
const ENABLE: &str =
    "gcloud services enable cloudbuild.googleapis.com --project=vendor-marketplace";

/// The digest that the build says it pushed.
const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn describe(field: &str) -> String {
    format!("gcloud builds describe build-1 {IN_PROJECT} --format=value({field})")
}

fn workplace(test: &str, statuses: &str) -> Workplace {
    let workplace = Workplace::with_foundation(test, &["signup", "sso-login"]);
    workplace.write("scripts/build-images.sh", "must not be run");
    workplace.answer("build.statuses", statuses);
    let output = format!("signup {REGISTRY}/signup@{DIGEST}\n");
    workplace.answer("build.output", &output);
    workplace
}

#[tokio::test]
async fn a_build_in_the_cloud_is_waited_for_and_what_it_pushed_is_deployed() {
    let workplace = workplace("cloud", "QUEUED\nWORKING\nSUCCESS\n");
    // It ends well without a tool that builds or pushes.
    fs::remove_file(workplace.path("bin/skopeo")).expect("it is there");
    let ended = workplace
        .deploy(&["--cloud-build", "signup"], "yes\n")
        .await;
    ended.assert_good();
    let called = workplace.called();
    let [output, enable, submit, rest @ ..] = &called[..] else {
        panic!("{called:?}");
    };
    assert_eq!([output, enable], [OUTPUT, ENABLE]);
    let begins = "gcloud builds submit WORK/source.tgz --config=scripts/cloudbuild.yaml --async \
                  --format=value(id) --project=vendor-marketplace --region=global \
                  --substitutions=_BUILDER=rust:";
    assert!(submit.starts_with(begins), "{submit}");
    let ends = format!(
        ",_REGISTRY={REGISTRY},_FUNCTIONS=signup,_REVISION=abc123,_VERSION=v1.2.3,_CREATED=1800000000"
    );
    assert!(submit.ends_with(&ends), "{submit}");
    let (status, results) = (describe("status"), describe("results.buildStepOutputs"));
    let wait = "sleep 15";
    let expected = [
        wait, &status, wait, &status, wait, &status, &results, PLAN, SHOW, APPLY,
    ];
    assert_eq!(rest, expected);
    let images = workplace.images().expect("they are written");
    let image = format!("{REGISTRY}/signup@{DIGEST}");
    assert_eq!(images, json!({ "images": { "signup": image } }));
}

#[tokio::test]
async fn nothing_is_sent_to_the_cloud_but_the_files_that_git_knows() {
    let workplace = workplace("sent", "SUCCESS\n");
    workplace.write("terraform/terraform.tfvars", "vendor_name = \"Secret\"");
    let ended = workplace
        .deploy(&["--cloud-build", "signup"], "yes\n")
        .await;
    ended.assert_good();
    let sent = workplace.read("sent").expect("it was sent");
    assert_eq!(sent, "functions/Dockerfile\nscripts/build-images.sh\n");
}

#[tokio::test]
async fn place_machine_and_account_of_a_build_may_be_said() {
    let workplace = workplace("elsewhere-in-the-cloud", "SUCCESS\n");
    let mut script = workplace.script("scripts/deploy.sh");
    script
        .args(["--cloud-build", "--yes", "signup"])
        .env("BUILD_REGION", "europe-west1")
        .env("BUILD_MACHINE", "e2-highcpu-8")
        .env("BUILD_SERVICE_ACCOUNT", "projects/p/serviceAccounts/build");
    workplace.run(&mut script, "").await.assert_good();
    let called = workplace.called();
    for said in [
        " --region=europe-west1 --machine-type=e2-highcpu-8 \
         --service-account=projects/p/serviceAccounts/build --substitutions=",
        "gcloud builds describe build-1 --project=vendor-marketplace --region=europe-west1 ",
    ] {
        assert!(called.iter().any(|call| call.contains(said)), "{called:?}");
    }
}

#[tokio::test]
async fn a_build_that_fails_in_the_cloud_stops_it_and_says_where_its_log_is() {
    let workplace = workplace("cloud-fails", "WORKING\nFAILURE\n");
    let ended = workplace.deploy(&["--cloud-build"], "yes\n").await;
    assert_eq!(ended.code, Some(1));
    let expected =
        format!("The build ended with FAILURE. Its log: gcloud builds log build-1 {IN_PROJECT}\n");
    ended.assert_complained(&expected);
    assert_eq!(workplace.called().pop(), Some(describe("status")));
    assert_eq!(workplace.images(), None);
}

#[test]
fn every_substitution_that_the_build_uses_is_given_to_it() {
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts");
    let read = |name: &str| fs::read_to_string(format!("{scripts}/{name}")).expect("it is there");
    let (build, script) = (read("cloudbuild.yaml"), read("deploy-images.sh"));
    let build: String = build
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let used: Vec<_> = build
        .split('$')
        .skip(1)
        .map(|rest| rest.split(|c: char| !is_name(c)).next().unwrap_or_default())
        .collect();
    assert!(used.len() >= 6, "{used:?}");
    for name in used {
        assert!(script.contains(&format!("{name}=")), "{name}");
    }
}
