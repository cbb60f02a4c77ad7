//! The rules of the workspace's map, checked against what Cargo says.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

struct Dependency {
    of: String,
    on: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Normal,
    Dev,
    Build,
}

struct Workspace {
    root: String,
    members: Vec<(String, String)>,
    dependencies: Vec<Dependency>,
}

impl Workspace {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
        let root = text(&metadata["workspace_root"]);
        let packages = metadata["packages"].as_array().expect("there are packages");
        let member = |package: &Value| (text(&package["name"]), folder(package, &root));
        Self {
            members: packages.iter().map(member).collect(),
            dependencies: packages.iter().flat_map(dependencies).collect(),
            root,
        }
    }

    fn in_folder(&self, folder: &str) -> BTreeSet<&str> {
        let members = self.members.iter();
        let inside = members.filter(|(_, path)| path.starts_with(folder));
        inside.map(|(name, _)| name.as_str()).collect()
    }

    /// Who depends on this crate in what is built for use, tests left aside.
    fn users_of(&self, name: &str) -> Vec<&str> {
        let used = self
            .dependencies
            .iter()
            .filter(|d| d.on == name && d.kind != Kind::Dev);
        used.map(|d| d.of.as_str()).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn folder(package: &Value, root: &str) -> String {
    let manifest = text(&package["manifest_path"]);
    let folder = Path::new(&manifest)
        .parent()
        .expect("a manifest is in a folder");
    let inside = folder
        .strip_prefix(root)
        .expect("members are in the workspace");
    inside.to_string_lossy().into_owned()
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let of = text(&package["name"]);
    let dependencies = package["dependencies"].as_array().expect("a list");
    let read = |dependency: &Value| Dependency {
        of: of.clone(),
        on: text(&dependency["name"]),
        kind: match dependency["kind"].as_str() {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        },
    };
    dependencies.iter().map(read).collect()
}

#[test]
fn no_function_knows_another_and_nothing_shared_knows_a_function() {
    let workspace = Workspace::read();
    let functions = workspace.in_folder("functions/");
    for Dependency { of, on, .. } in &workspace.dependencies {
        assert!(
            !functions.contains(on.as_str()) || of == "local",
            "{of} depends on {on}"
        );
    }
}

#[test]
fn the_vocabulary_knows_no_other_crate_of_ours_and_does_no_io() {
    let workspace = Workspace::read();
    let ours: BTreeSet<_> = workspace
        .members
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let io = ["tokio", "hyper", "hyper-util", "reqwest"];
    for Dependency { on, .. } in workspace
        .dependencies
        .iter()
        .filter(|d| d.of == "marketplace")
    {
        assert!(
            !ours.contains(on.as_str()) && !io.contains(&on.as_str()),
            "{on}"
        );
    }
}

#[test]
fn what_is_for_tests_is_only_in_tests_and_the_simulator_in_local() {
    let workspace = Workspace::read();
    assert_eq!(workspace.users_of("function-tests"), Vec::<&str>::new());
    assert_eq!(
        workspace.users_of("marketplace-simulator"),
        ["function-tests", "local"]
    );
}

#[test]
fn one_crate_each_knows_firestore_the_server_and_the_log_format() {
    let workspace = Workspace::read();
    assert_eq!(workspace.users_of("gcloud-sdk"), ["store"]);
    for name in ["hyper", "hyper-util", "tracing-stackdriver"] {
        let mut users = workspace.users_of(name);
        // It puts a gate in front of Firestore.
        users.retain(|user| *user != "function-tests");
        assert_eq!(users, ["function-runtime"], "{name}");
    }
}

#[test]
fn one_crate_knows_the_protocol_of_google_sign_in() {
    assert_eq!(Workspace::read().users_of("oauth2"), ["customer-entry"]);
}

#[test]
fn what_an_operator_decides_knows_no_command_line() {
    let workspace = Workspace::read();
    assert_eq!(workspace.users_of("operations"), ["operator"]);
    assert_eq!(workspace.users_of("clap"), ["operator"]);
    assert_eq!(workspace.users_of("operator"), Vec::<&str>::new());
}

#[test]
fn one_crate_asks_iam_for_service_accounts() {
    let workspace = Workspace::read();
    let users = workspace.users_of("google-cloud-iam-admin-v1");
    assert_eq!(users, ["service-accounts"]);
    // What sign-up and usage reporting are built from brings no client of IAM along.
    let users: BTreeSet<_> = workspace.users_of("service-accounts").into_iter().collect();
    let expected = ["lifecycle", "procurement-events", "service-account-link"];
    assert_eq!(users, BTreeSet::from(expected));
    let users: BTreeSet<_> = workspace.users_of("lifecycle").into_iter().collect();
    assert_eq!(users, BTreeSet::from(["operations", "procurement-events"]));
}

#[test]
fn every_member_says_what_it_is_and_has_a_name_of_its_own() {
    let workspace = Workspace::read();
    for (name, folder) in &workspace.members {
        let readme = Path::new(&workspace.root).join(folder).join("README.md");
        assert!(readme.is_file(), "{} is missing", readme.display());
        assert!(
            !["common", "utils", "util", "core", "helpers"].contains(&name.as_str()),
            "{name}"
        );
        assert!(
            folder.ends_with(&format!("/{name}")),
            "{name} is in {folder}"
        );
    }
}

#[test]
fn members_are_listed_by_name() {
    let workspace = Workspace::read();
    let manifest = Path::new(&workspace.root).join("Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).expect("the workspace has a manifest");
    for (_, folder) in &workspace.members {
        assert!(
            manifest.contains(&format!("\"{folder}\"")),
            "{folder} is not listed"
        );
    }
}

/// The arrows of the first picture in shared/README.md: who uses whom.
fn pictured(readme: &str) -> BTreeSet<(String, String)> {
    let picture = readme.split("```").nth(1).expect("there is a picture");
    let lines = picture.lines().filter_map(|line| line.split_once(" --> "));
    let names = |side: &str| side.split('&').map(|name| name.trim().to_owned()).collect();
    let arrows = lines.flat_map(|(from, to)| {
        let (from, to): (Vec<String>, Vec<String>) = (names(from), names(to));
        from.into_iter()
            .flat_map(move |from| to.clone().into_iter().map(move |to| (from.clone(), to)))
    });
    arrows.collect()
}

#[test]
fn the_picture_of_the_crates_is_what_cargo_says() {
    let workspace = Workspace::read();
    let root = Path::new(&workspace.root);
    let readme = std::fs::read_to_string(root.join("shared/README.md")).expect("it can be read");
    let arrows = pictured(&readme);
    let left_out = ["local", "function-tests", "marketplace-simulator"];
    let members: BTreeSet<_> = workspace.members.iter().map(|(name, _)| name).collect();
    let is_shown = |name: &String| members.contains(name) && !left_out.contains(&name.as_str());
    let dependencies = workspace.dependencies.iter();
    let used: BTreeSet<_> = dependencies
        .filter(|d| d.kind == Kind::Normal && is_shown(&d.of) && is_shown(&d.on))
        .map(|d| (d.of.clone(), d.on.clone()))
        .collect();
    let untrue: Vec<_> = arrows.difference(&used).collect();
    assert!(untrue.is_empty(), "no such dependency: {untrue:?}");
    let mut reachable = arrows;
    loop {
        let further = reachable.iter().flat_map(|(from, by)| {
            let next = reachable.iter().filter(move |(of, _)| of == by);
            next.map(|(_, to)| (from.clone(), to.clone()))
        });
        let further: BTreeSet<_> = further.collect();
        if further.is_subset(&reachable) {
            break;
        }
        reachable.extend(further);
    }
    let missing: Vec<_> = used.difference(&reachable).collect();
    assert!(missing.is_empty(), "not in the picture: {missing:?}");
}
