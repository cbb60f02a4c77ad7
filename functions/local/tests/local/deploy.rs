//! `scripts/deploy.sh`: what it calls, in which order, and what it asks before.

mod cloud_build;
mod failures;
mod unattended;
mod workplace;

use serde_json::{Value, json};

use self::workplace::{REGISTRY, Workplace};
use crate::registry::TOKEN;

const OUTPUT: &str = "terraform output -json";
const PLAN: &str = "terraform plan -input=false -detailed-exitcode -out=WORK/plan";
const SHOW: &str = "terraform show -json WORK/plan";
const APPLY: &str = "terraform apply -input=false WORK/plan";
const TOKEN_ASKED: &str = "gcloud auth print-access-token";

/// How a function's image is pushed.
fn push(function: &str) -> String {
    format!("skopeo copy {REGISTRY}/{function}:abc123")
}

/// A plan's changes as `terraform show` prints them.
fn plan(changes: &[(&str, &[&str])]) -> String {
    let change = |(address, actions): &(&str, &[&str])| json!({ "address": address, "change": { "actions": actions } });
    let changes: Vec<_> = changes.iter().map(change).collect();
    json!({ "resource_changes": changes }).to_string()
}

#[tokio::test]
async fn the_first_run_lays_the_foundation_and_builds_nothing() {
    let workplace = Workplace::new("first");
    workplace.answer("plan.text", "Plan: 134 to add, 0 to change, 0 to destroy.");
    let changes: [(&str, &[&str]); 1] = [("google_firestore_database.main", &["create"])];
    workplace.answer("plan.json", &plan(&changes));
    let ended = workplace.deploy(&[], "yes\n").await;
    ended.assert_good();
    assert_eq!(workplace.called(), [OUTPUT, PLAN, SHOW, APPLY]);
    let shown = ended.said.find("Plan: 134 to add").expect("it is shown");
    let asked = ended.said.find("Apply this plan? Type \"yes\"");
    assert!(Some(shown) < asked, "{}", ended.said);
    ended.assert_said("The foundation is laid.");
    assert_eq!(workplace.left(), [""; 0]);
}

#[tokio::test]
async fn every_answer_but_yes_applies_nothing() {
    let workplace = Workplace::new("no");
    for typed in ["no\n", "y\n", "YES\n", "destroy\n", "\n", ""] {
        let ended = workplace.deploy(&[], typed).await;
        assert_eq!(ended.code, Some(1), "{typed}");
        assert!(
            ended.said.ends_with("Nothing was applied.\n"),
            "{}",
            ended.said
        );
        assert_eq!(workplace.left(), [""; 0]);
    }
    assert!(!workplace.called().contains(&APPLY.to_owned()));
}

#[tokio::test]
async fn a_plan_that_destroys_names_what_goes_and_asks_for_that_word() {
    let workplace = Workplace::new("destroys");
    let changes: [(&str, &[&str]); 4] = [
        ("google_pubsub_topic.changes", &["update"]),
        (
            "google_project_service.main[\"run.googleapis.com\"]",
            &["no-op"],
        ),
        ("google_pubsub_topic.replay", &["delete", "create"]),
        (
            "module.function[\"signup\"].google_cloud_run_v2_service.main[0]",
            &["delete"],
        ),
    ];
    workplace.answer("plan.json", &plan(&changes));
    let ended = workplace.deploy(&[], "yes\n").await;
    assert_eq!(ended.code, Some(1));
    let expected = "This destroys, or destroys and makes again:\n  google_pubsub_topic.replay\n  \
                    module.function[\"signup\"].google_cloud_run_v2_service.main[0]\n\n\
                    Is that meant? Type \"destroy\" to go on: Nothing was applied.\n";
    assert!(ended.said.ends_with(expected), "{}", ended.said);
    assert_eq!(workplace.called(), [OUTPUT, PLAN, SHOW]);

    let ended = workplace.deploy(&[], "destroy\n").await;
    ended.assert_good();
    assert_eq!(workplace.called().pop().as_deref(), Some(APPLY));
}

#[tokio::test]
async fn where_nothing_changes_nothing_is_asked_or_applied() {
    let workplace = Workplace::with_foundation("unchanged", &["signup"]);
    workplace.answer("plan.status", "0");
    let ended = workplace.deploy(&[], "").await;
    ended.assert_good();
    ended.assert_said("Everything is as it should be.");
    let push = push("signup");
    let called = [OUTPUT, "build signup", TOKEN_ASKED, &push, PLAN];
    assert_eq!(workplace.called(), called);
}

#[tokio::test]
async fn images_are_built_and_pushed_and_the_plan_with_them_is_the_one_applied() {
    let functions = ["signup", "sso-login"];
    let workplace = Workplace::with_foundation("second", &functions);
    let ended = workplace.deploy(&[], "yes\n").await;
    ended.assert_good();
    // That it is the same plan is seen to by the one that shows and applies it.
    let build = "build signup sso-login";
    let [first, second] = functions.map(push);
    let called = [
        OUTPUT,
        build,
        TOKEN_ASKED,
        &first,
        &second,
        PLAN,
        SHOW,
        APPLY,
    ];
    assert_eq!(workplace.called(), called);
    let images = workplace.images().expect("they are written");
    for function in functions {
        let image = images["images"][function].as_str().expect("an image");
        let repository = format!("{REGISTRY}/{function}@sha256:");
        assert!(image.starts_with(&repository), "{image}");
        ended.assert_said(image);
    }
    let planned = workplace.read("images-when-planned.json");
    let planned = planned.and_then(|it| serde_json::from_str::<Value>(&it).ok());
    assert_eq!(planned, Some(images));
    assert_eq!(workplace.left(), ["images", "images.auto.tfvars.json"]);
}

#[tokio::test]
async fn functions_that_are_not_named_keep_their_images() {
    let workplace = Workplace::with_foundation("others", &["signup", "sso-login"]);
    let [older, replaced] =
        ["sso-login", "signup"].map(|name| format!("{REGISTRY}/{name}@sha256:01"));
    let file = json!({ "images": { "sso-login": older, "signup": replaced } });
    workplace.write("terraform/images.auto.tfvars.json", &file.to_string());
    let ended = workplace.deploy(&["signup"], "yes\n").await;
    ended.assert_good();
    let images = &workplace.images().expect("they are written")["images"];
    assert_eq!(images["sso-login"], older);
    let signup = images["signup"].as_str().expect("an image");
    assert!(
        signup.contains("/signup@sha256:") && signup != replaced,
        "{signup}"
    );
}

#[tokio::test]
async fn images_of_another_environment_are_not_taken_over() {
    let workplace = Workplace::new("environment");
    workplace.deployed(&[
        ("signup", Value::Null),
        ("sso-login", json!("production's")),
    ]);
    let staging =
        json!({ "images": { "sso-login": format!("{REGISTRY}-staging/sso-login@sha256:01") } });
    workplace.write("terraform/images.auto.tfvars.json", &staging.to_string());
    let ended = workplace.deploy(&["signup"], "yes\n").await;
    ended.assert_good();
    let images = &workplace.images().expect("they are written")["images"];
    assert_eq!(images["sso-login"], "production's");
}

#[tokio::test]
async fn on_another_machine_too_the_others_stay_as_they_are_deployed() {
    let workplace = Workplace::new("elsewhere");
    workplace.deployed(&[
        ("procurement-events", Value::Null),
        ("signup", json!("before")),
        ("sso-login", json!("older")),
    ]);
    let ended = workplace.deploy(&["signup"], "yes\n").await;
    ended.assert_good();
    ended.assert_said("signup was before\n");
    let mut images = workplace.images().expect("they are written")["images"].take();
    let signup = images["signup"].take();
    assert!(
        signup.as_str().is_some_and(|it| it.contains("@sha256:")),
        "{signup}"
    );
    assert_eq!(images, json!({ "signup": null, "sso-login": "older" }));
}

#[tokio::test]
async fn an_image_of_a_release_is_left_to_the_next_release() {
    let workplace = Workplace::new("released");
    let released = format!("{REGISTRY}-releases/example/portico/sso-login@sha256:01");
    workplace.deployed(&[("signup", Value::Null), ("sso-login", json!(released))]);
    let ended = workplace.deploy(&["signup"], "yes\n").await;
    ended.assert_good();
    let images = workplace.images().expect("they are written")["images"].take();
    let names: Vec<_> = images.as_object().expect("a map").keys().collect();
    assert_eq!(names, ["signup"]);
}

#[tokio::test]
async fn a_tag_may_be_used_again_and_the_digest_says_what_is_deployed() {
    let workplace = Workplace::with_foundation("tag", &["signup"]);
    let mut images = Vec::new();
    for program in ["first", "second", "second"] {
        workplace.answer("program", program);
        let ended = workplace.deploy(&[], "yes\n").await;
        ended.assert_good();
        let image = workplace.images().expect("they are written")["images"]["signup"].take();
        workplace.deployed(&[("signup", image.clone())]);
        images.push((image, ended.said));
    }
    let [
        (first, said_first),
        (second, said_second),
        (third, said_third),
    ] = &images[..]
    else {
        panic!("{images:?}");
    };
    assert!(
        said_first.contains("signup was not deployed\n"),
        "{said_first}"
    );
    let was = format!("signup was {}\n", first.as_str().expect("an image"));
    assert!(
        first != second && said_second.contains(&was),
        "{said_second}"
    );
    assert!(
        second == third && said_third.contains("signup stays\n"),
        "{said_third}"
    );
}

#[tokio::test]
async fn a_no_after_the_push_says_what_a_later_apply_would_do() {
    let workplace = Workplace::with_foundation("pushed", &["signup"]);
    let ended = workplace.deploy(&[], "no\n").await;
    assert_eq!(ended.code, Some(1));
    let expected = "Nothing was applied.\nterraform/images.auto.tfvars.json names the new images, \
                    so any later apply would deploy them.\n";
    assert!(ended.said.ends_with(expected), "{}", ended.said);
    assert!(!workplace.called().contains(&APPLY.to_owned()));
}

#[tokio::test]
async fn the_registry_is_given_a_token_that_nobody_else_is_shown() {
    let workplace = Workplace::with_foundation("token", &["signup"]);
    let ended = workplace.deploy(&[], "yes\n").await;
    ended.assert_good();
    let credentials = workplace
        .read("credentials")
        .expect("skopeo was given some");
    let credentials: Value = serde_json::from_str(&credentials).expect("JSON");
    // What `base64` makes of `oauth2accesstoken:` and the token.
    let expected = json!({ "auths": { "europe-west1-docker.pkg.dev": {
        "auth": "b2F1dGgyYWNjZXNzdG9rZW46eWEyOS5vZi10aGUtb3BlcmF0b3I=",
    } } });
    assert_eq!(credentials, expected);
    let shown = [ended.said, ended.complained, workplace.called().concat()].concat();
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_registry_that_refuses_stops_it_before_any_plan() {
    let workplace = Workplace::with_foundation("refused", &["signup"]);
    workplace.answer(
        "push.fails",
        "denied: Permission \"artifactregistry\" denied",
    );
    let ended = workplace.deploy(&[], "yes\n").await;
    assert_eq!(ended.code, Some(1));
    ended.assert_complained("denied: Permission");
    ended.assert_complained(&format!("{REGISTRY}/signup could not be pushed"));
    let push = push("signup");
    let called = [OUTPUT, "build signup", TOKEN_ASKED, &push];
    assert_eq!(workplace.called(), called);
    assert_eq!(workplace.left(), ["images"]);
}

#[tokio::test]
async fn a_build_that_fails_stops_it_before_anything_is_pushed() {
    let workplace = Workplace::with_foundation("unbuilt", &["signup"]);
    workplace.answer("build.fails", "");
    let ended = workplace.deploy(&[], "yes\n").await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(workplace.called(), [OUTPUT, "build signup"]);
    assert_eq!(workplace.left(), [""; 0]);
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_reported_with_where_it_is_explained() {
    let workplace = Workplace::new("stateless");
    workplace.answer("output.status", "1");
    let ended = workplace.deploy(&[], "yes\n").await;
    assert_eq!(ended.code, Some(1));
    let expected = "Terraform cannot read its state: see terraform/README.md, step 2.\n";
    assert_eq!(ended.complained, expected);
    assert_eq!(workplace.called(), [OUTPUT]);
}

#[tokio::test]
async fn a_plan_or_apply_that_fails_ends_it_with_the_same_status_and_leaves_no_plan() {
    for (step, status, last) in [("plan", 3, PLAN), ("apply", 1, APPLY)] {
        let workplace = Workplace::new(&format!("failing-{step}"));
        workplace.answer(&format!("{step}.status"), &status.to_string());
        let ended = workplace.deploy(&[], "yes\n").await;
        assert_eq!(ended.code, Some(status), "{step}");
        assert_eq!(workplace.called().pop().as_deref(), Some(last));
        assert!(
            !ended.said.contains("The foundation is laid"),
            "{}",
            ended.said
        );
        assert_eq!(workplace.left(), [""; 0]);
    }
}

#[tokio::test]
async fn interrupted_it_applies_nothing_and_leaves_no_plan() {
    let workplace = Workplace::new("interrupted");
    workplace.answer("plan.hangs", "");
    let ended = workplace.interrupt_at("planning").await;
    assert_ne!(ended.code, Some(0));
    assert_eq!(workplace.called(), [OUTPUT, PLAN]);
    assert_eq!(workplace.left(), [""; 0]);
}

#[tokio::test]
async fn every_tool_that_is_missing_is_named_at_once() {
    let workplace = Workplace::new("missing");
    let found = std::process::Command::new("sh")
        .args(["-c", "command -v bash; command -v dirname"])
        .output()
        .expect("the shell runs");
    let found = String::from_utf8(found.stdout).expect("UTF-8");
    std::fs::create_dir(workplace.path("few")).expect("it can be made");
    for tool in found.lines() {
        let name = tool.rsplit('/').next().expect("a name");
        std::os::unix::fs::symlink(tool, workplace.path("few").join(name)).expect("a link");
    }
    let mut script = workplace.script("scripts/deploy.sh");
    script.env("PATH", workplace.path("few"));
    script.env("TERRAFORM", "tofu");
    let ended = workplace.run(&mut script, "").await;
    assert_eq!(ended.code, Some(1));
    let named: Vec<_> = ended
        .complained
        .lines()
        .filter(|line| line.starts_with("missing: "))
        .filter_map(|line| line.split('.').next())
        .collect();
    let expected = [
        "missing: tofu",
        "missing: gcloud",
        "missing: python3",
        "missing: skopeo",
    ];
    assert_eq!(named, expected);
    assert_eq!(workplace.called(), [""; 0]);
}

#[tokio::test]
async fn what_is_no_option_or_function_is_refused_before_anything_is_done() {
    let workplace = Workplace::with_foundation("unknown", &["signup", "sso-login"]);
    let ended = workplace.deploy(&["--now"], "").await;
    assert_eq!(ended.code, Some(64));
    let expected = "unknown argument: --now\nBuilds the functions' images";
    assert!(
        ended.complained.starts_with(expected),
        "{}",
        ended.complained
    );
    assert_eq!(workplace.called(), [""; 0]);

    let ended = workplace.deploy(&["signup", "usage-report"], "").await;
    assert_eq!(ended.code, Some(64));
    let expected = "usage-report is no function that is configured; these are: signup sso-login \n";
    assert_eq!(ended.complained, expected);
    assert_eq!(workplace.called(), [OUTPUT]);
}

#[tokio::test]
async fn it_explains_itself_wherever_it_is_called_from() {
    let workplace = Workplace::new("help");
    let mut script = workplace.script("../scripts/deploy.sh");
    script
        .arg("--help")
        .current_dir(workplace.path("terraform"));
    let ended = workplace.run(&mut script, "").await;
    assert_eq!((ended.code, ended.complained.as_str()), (Some(0), ""));
    ended.assert_said("Usage: scripts/deploy.sh [--yes] [--destroy] [--cloud-build] [FUNCTION…]\n");
    ended.assert_said("TERRAFORM names another");
    assert_eq!(workplace.called(), [""; 0]);
}
