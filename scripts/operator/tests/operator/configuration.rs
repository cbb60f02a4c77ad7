//! What the program does with its arguments and its environment.

use crate::deployment::{Deployment, Environment, assert_has, run};
use crate::ledger_rows::id;

#[tokio::test]
async fn an_empty_environment_names_every_missing_variable() {
    let complained = run(&Environment::new(), &["waiting"]).await.failed(64);
    assert_eq!(complained.lines().count(), 3, "{complained}");
    let names = ["PROCUREMENT_PROVIDER", "PRODUCTS", "GOOGLE_CLOUD_PROJECT"];
    assert_has(&complained, &names);
}

#[tokio::test]
async fn a_test_seam_leads_to_this_machine_and_is_never_open_on_cloud_run() {
    let deployment = Deployment::open().await;
    for (name, value) in [
        ("K_SERVICE", "operator"),
        ("GOOGLE_ORIGIN", "http://203.0.113.7:9000"),
        ("FIRESTORE_EMULATOR_HOST", "203.0.113.7:8081"),
        ("LINK_STORE", "memory"),
    ] {
        let environment = deployment.environment_with(name, value);
        let ended = run(&environment, &["waiting"]).await;
        assert_eq!(ended.code, Some(64), "{name}");
        let complained = ended.complained;
        assert!(!complained.contains("203.0.113.7"), "{complained}");
    }
    let origin = "http://203.0.113.7:9000".to_owned();
    let environment: Environment = [("GOOGLE_ORIGIN".to_owned(), origin)].into();
    let from = ["--subscription", "projects/vendor/subscriptions/dead"];
    let list = [&["dead-letters", "list"], &from[..]].concat();
    assert_eq!(run(&environment, &list).await.code, Some(64));
}

#[tokio::test]
async fn bad_arguments_are_refused() {
    let long = "x".repeat(257);
    let at_most = "x".repeat(256);
    let letters = "projects/vendor/subscriptions/a";
    for arguments in [
        &[][..],
        &["serve"],
        &["approve", "account", "a/b"],
        &["approve", "entitlement", ".."],
        &["reject", "account", "a"],
        &["reject", "account", "a", "--reason", &long],
        &["reject", "entitlement", "a", "--reason", " "],
        &["plan-change", "reject", "a", "--reason", &long],
        &["message", "a", ""],
        &["--as", " ", "waiting"],
        &["--as", "a\nb", "waiting"],
        &["journal", "a/b"],
        &["absences", "accept"],
        &["absences", "accept", "a", "--all-shown"],
        &["erase", "now", "a"],
        &["erase", "hold", "a", "--until", "soon", "--reason", "no"],
        &["erase", "hold", "a", "--until", "2999-12-31"],
        &["announce", ".."],
        &["dead-letters", "list"],
        &["dead-letters", "list", "--subscription", "dead"],
        &["dead-letters", "replay", "--subscription", letters],
    ] {
        let complained = run(&Environment::new(), arguments).await.failed(64);
        let unread = !complained.contains("PROCUREMENT_PROVIDER is not set");
        assert!(unread, "{arguments:?}: {complained}");
    }
    let accepted = ["reject", "account", "a", "--reason", &at_most];
    let ended = run(&Environment::new(), &accepted).await;
    assert!(ended.complained.contains("PROCUREMENT_PROVIDER is not set"));
}

#[tokio::test]
async fn help_names_commands_and_variables() {
    let ended = run(&Environment::new(), &["--help"]).await;
    let words = [
        "waiting",
        "plan-change",
        "dead-letters",
        "PROCUREMENT_PROVIDER",
    ];
    let said = ended.done();
    assert_has(&said, &words);
    assert_has(&said, &["--yes"]);
}

#[tokio::test]
async fn usage_needs_nothing_but_a_store() {
    let mut deployment = Deployment::open().await;
    for name in ["PROCUREMENT_PROVIDER", "PRODUCTS"] {
        deployment.environment.remove(name);
    }
    assert_eq!(deployment.run(&["usage"]).await.code, Some(0));
    let ended = run(&Environment::new(), &["usage"]).await;
    let lines: Vec<_> = ended.complained.lines().collect();
    assert_eq!((ended.code, lines.len()), (Some(64), 1), "{lines:?}");
    let project = "GOOGLE_CLOUD_PROJECT is not set";
    assert!(lines[0].contains(project), "{lines:?}");
    for (name, value) in [
        ("K_SERVICE", "operator"),
        ("FIRESTORE_EMULATOR_HOST", "203.0.113.7:8081"),
        ("LINK_STORE", "memory"),
    ] {
        let environment = deployment.environment_with(name, value);
        let ended = run(&environment, &["usage"]).await;
        assert_eq!(ended.code, Some(64), "{name}");
    }
}

#[tokio::test]
async fn bad_arguments_about_usage_are_refused() {
    let (operation, from) = (id(1), "2026-03-01T00:00:00Z");
    for arguments in [
        &["retry"][..],
        &["retry", "1"],
        &["retry", "a/b"],
        &["retry", &operation, "--all-refused"],
        &["retry", &operation, "--entitlement", "E-1"],
        &["retry", "--all-refused", "--entitlement", "a/b"],
        &["release"],
        &["release", "--all"],
        &["release", ".."],
        &["csv", "--from", "yesterday"],
        &["csv", "--from", "2026-03-01"],
        &["csv", "--state", "lost"],
        &["csv", "--entitlement", ".."],
        &[
            "csv",
            "--from",
            from,
            "--until",
            "2026-03-01T01:00:00+01:00",
        ],
        &["--entitlement", "a/b"],
        &["--json", "retry", &operation],
        &["--entitlement", "E-1", "retry", "--all-refused"],
        &["drop", &operation],
    ] {
        let arguments = [&["usage"], arguments].concat();
        let complained = run(&Environment::new(), &arguments).await.failed(64);
        assert!(
            !complained.contains("not set"),
            "{arguments:?}: {complained}"
        );
    }
}
