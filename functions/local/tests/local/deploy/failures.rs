//! What is said of failures of Terraform's. `failures/` holds what Terraform prints at each, as users have reported it,
//! with the names of Portico's resources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::workplace::Workplace;
use crate::stand_ins::Ended;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../scripts/explain-failure.py"
);
const FAILURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/local/deploy/failures");

const UNTAINT: &str = "    $ terraform -chdir=terraform untaint \
                       'module.portico.module.function[\"signup\"].google_cloud_run_v2_service.main[0]'\n";
const IMPORT: &str = "    $ terraform -chdir=terraform import module.portico.google_firestore_database.main \
                      projects/vendor-marketplace/databases/portico\n";

/// Each failure, and what is said of it.
const KNOWN: [(&str, &[&str]); 23] = [
    ("protected-service", &["calls it tainted", UNTAINT]),
    ("inconsistent-database", &["a moment too early", IMPORT]),
    (
        "existing-database",
        &[
            "firestore databases list --project=vendor-marketplace\n",
            IMPORT,
        ],
    ),
    (
        "secret-without-version",
        &[
            "    $ gcloud secrets versions add portico-google-client-secret --data-file=- --project=123456789012\n",
            UNTAINT,
        ],
    ),
    (
        "secret-not-readable-yet",
        &["Wait a minute or two", UNTAINT],
    ),
    (
        "missing-image",
        &[
            "    $ gcloud artifacts docker images describe europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:0123",
            UNTAINT,
            "    $ scripts/deploy.sh\n",
        ],
    ),
    (
        "image-not-readable",
        &["roles/artifactregistry.reader on the repository", UNTAINT],
    ),
    ("other-registry", &["through a remote repository", UNTAINT]),
    (
        "refused-variable",
        &["Exit code 64", "    $ gcloud logging read ", UNTAINT],
    ),
    (
        "quota-project",
        &[
            "    $ export USER_PROJECT_OVERRIDE=true GOOGLE_BILLING_PROJECT=vendor-marketplace\n",
            "    $ gcloud services enable monitoring.googleapis.com --project=vendor-marketplace\n",
        ],
    ),
    (
        "disabled-service",
        &[
            "module.portico.google_pubsub_topic.changes, module.portico.google_pubsub_topic.replay:\n",
            "    $ gcloud services enable pubsub.googleapis.com --project=123456789012\n",
        ],
    ),
    (
        "service-usage-denied",
        &[
            "add-iam-policy-binding vendor-marketplace --member=user:YOU --role=roles/serviceusage.serviceUsageConsumer\n",
        ],
    ),
    (
        "service-account-not-spread",
        &["not every part of Google knows it"],
    ),
    (
        "service-agent-not-spread",
        &["Cloud Run's own service account"],
    ),
    ("no-operator-yet", &["not among `operators`"]),
    (
        "forbidden-members",
        &["    $ gcloud org-policies describe iam.allowedPolicyMemberDomains --effective"],
    ),
    (
        "forbidden-location",
        &[
            "    $ gcloud org-policies describe gcp.resourceLocations --effective --project=vendor-marketplace\n",
        ],
    ),
    ("metric-not-shown-yet", &["up to ten minutes"]),
    (
        "state-lock",
        &["    $ terraform -chdir=terraform force-unlock 1764539999123456\n"],
    ),
    (
        "role-exists",
        &[
            "google_project_iam_custom_role.sign_jwt projects/vendor-marketplace/roles/portico_sign_jwt\n",
        ],
    ),
    ("role-deleted", &["Take another `prefix`"]),
    ("field-contention", &["one field at a time"]),
    ("unlinked-subscriber", &["not linked in Producer Portal"]),
];

fn explain(name: &str, arguments: &[&str]) -> Ended {
    let file = format!("{FAILURES}/{name}");
    let output = Command::new(SCRIPT).arg(file).args(arguments).output();
    Ended::from(output.expect("the script runs"))
}

#[test]
fn every_known_failure_is_recognized_and_answered_with_commands() {
    for (name, expected) in KNOWN {
        let plan = format!("{FAILURES}/plan.json");
        let ended = explain(&format!("{name}.txt"), &[&plan]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{name}");
        for said in expected {
            assert!(ended.stdout.contains(said), "{name}, {said}: {ended:?}");
        }
        // Nothing that the words were to fill in is left open.
        assert!(!ended.stdout.contains('{'), "{ended:?}");
        assert!(!ended.stdout.contains("PROJECT "), "{ended:?}");
    }
}

#[test]
fn every_failure_that_was_recorded_is_tried() {
    let recorded: BTreeSet<_> = fs::read_dir(FAILURES)
        .expect("there are some")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == "txt"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let tried: BTreeSet<_> = KNOWN.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(tried, recorded);
}

#[test]
fn colors_and_a_missing_plan_change_nothing_but_the_names() {
    let text = fs::read_to_string(format!("{FAILURES}/inconsistent-database.txt"));
    let text = text.expect("it is there");
    let colored = text.replace("Error: ", "\u{1b}[0m\u{1b}[1m\u{1b}[31mError: \u{1b}[0m");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("colored-failure.txt");
    fs::write(&path, colored).expect("it can be written");
    let output = Command::new(SCRIPT)
        .args([&path, &path.with_extension("none")])
        .output();
    let ended = Ended::from(output.expect("the script runs"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = "import module.portico.google_firestore_database.main projects/PROJECT/databases/DATABASE\n";
    assert!(ended.stdout.contains(said), "{ended:?}");
}

#[test]
fn an_unknown_failure_is_said_to_be_one() {
    let ended = explain("plan.json", &[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), ""));
    let expected = "This failure is not known here: see terraform/README.md, Troubleshooting.\n";
    assert_eq!(ended.stdout, expected);
}

#[tokio::test]
async fn deploy_explains_what_terraform_complained_of() {
    for (step, status) in [("plan", 1), ("apply", 1)] {
        let workplace = Workplace::new(&format!("explained-{step}"));
        let failure = fs::read_to_string(format!("{FAILURES}/inconsistent-database.txt"));
        workplace.answer(&format!("{step}.errors"), &failure.expect("it is there"));
        workplace.answer(&format!("{step}.status"), &status.to_string());
        let plan = fs::read_to_string(format!("{FAILURES}/plan.json"));
        workplace.answer("plan.json", &plan.expect("it is there"));
        let ended = workplace.deploy(&[], "yes\n").await;
        assert_eq!(ended.code, Some(status), "{step}");
        ended.assert_complained("│ Error: Provider produced inconsistent result");
        // A plan that failed names nothing.
        let named = if step == "apply" {
            "vendor-marketplace"
        } else {
            "PROJECT"
        };
        ended.assert_complained(&format!("google_firestore_database.main projects/{named}/"));
        assert_eq!(workplace.left(), [""; 0]);
    }
}

#[tokio::test]
async fn a_plan_with_changes_is_no_failure() {
    let workplace = Workplace::new("no-failure");
    let ended = workplace.deploy(&["--yes"], "").await;
    ended.assert_good();
    assert_eq!(ended.complained, "");
}

#[test]
fn every_known_failure_has_its_row_in_the_guide() {
    let terraform = concat!(env!("CARGO_MANIFEST_DIR"), "/../../terraform");
    let readme = fs::read_to_string(format!("{terraform}/README.md")).expect("it is there");
    let (_, rows) = readme
        .split_once("\n## Troubleshooting\n")
        .expect("there is such a part");
    let words: Vec<_> = rows
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        // What stands for anything.
        .map(|quoted| quoted.split('…').map(str::trim).collect::<Vec<_>>())
        .collect();
    for (name, _) in KNOWN {
        let text = fs::read_to_string(format!("{FAILURES}/{name}.txt")).expect("it is there");
        let lines = text.lines().map(|line| line.trim_start_matches(['│', ' ']));
        let text = lines.collect::<Vec<_>>().join(" ");
        let has = |parts: &Vec<&str>| parts.iter().all(|part| text.contains(part));
        assert!(words.iter().any(has), "{name} has no row");
    }
}

#[test]
fn the_guide_and_the_tutorial_have_the_same_steps() {
    let terraform = concat!(env!("CARGO_MANIFEST_DIR"), "/../../terraform");
    let read = |name: &str| fs::read_to_string(format!("{terraform}/{name}")).expect("it is there");
    let (readme, tutorial) = (read("README.md"), read("TUTORIAL.md"));
    let guide: Vec<_> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("**")?.split_once(".** *"))
        .map(|(step, _)| step)
        .collect();
    let steps: Vec<_> = tutorial
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .filter(|title| title.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert!(guide.len() <= 8, "{guide:?}");
    assert_eq!(guide.len(), steps.len(), "{guide:?}: {steps:?}");
    for (guide, step) in guide.iter().zip(steps) {
        // Cloud Shell signs in by itself.
        let step = step.replace("1. Switch on", "1. Sign in, and switch on");
        assert_eq!(*guide, step);
    }
    let failing = readme.matches("*If it fails:*").count();
    assert_eq!(
        failing,
        guide.len(),
        "each step says what to do if it fails"
    );
}
