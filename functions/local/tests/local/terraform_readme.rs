//! What `terraform/README.md` says of Terraform's files is what they say, and so is what is written of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TERRAFORM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../terraform");
/// Where everything is that the root hands on to.
const MODULE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../terraform/modules/portico"
);

fn read_in(folder: &str, path: &str) -> String {
    let path = Path::new(folder).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file of the module's.
fn read(path: &str) -> String {
    read_in(MODULE, path)
}

/// The guide, which is about the root and the module.
fn guide() -> String {
    read_in(TERRAFORM, "README.md")
}

/// The module's files and those of its own modules, each with its path from the module.
fn files() -> Vec<(String, String)> {
    let folders = ["", "modules/function", "modules/push_subscription"];
    let paths = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(Path::new(MODULE).join(folder)).expect("it is there");
        let names = entries.map(|entry| entry.expect("a name").file_name());
        names.map(move |name| PathBuf::from(folder).join(name))
    });
    let paths = paths.filter(|path| path.extension().is_some_and(|it| it == "tf"));
    let mut files: Vec<_> = paths
        .map(|path| path.to_str().expect("UTF-8").to_owned())
        .map(|path| (path.clone(), read(&path)))
        .collect();
    files.sort();
    files
}

/// What stands between these marks, each time.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    let rest = text.split(start).skip(1);
    rest.filter_map(move |rest| rest.split_once(end).map(|(found, _)| found))
}

/// The top-level blocks of this kind: name and content.
fn blocks<'a>(hcl: &'a str, kind: &str) -> Vec<(&'a str, &'a str)> {
    let start = format!("\n{kind} \"");
    let rest = hcl.match_indices(&start);
    rest.map(|(at, _)| &hcl[at + start.len()..])
        .filter_map(|rest| rest.split_once("\" {\n"))
        .map(|(name, rest)| (name, rest.split("\n}\n").next().unwrap_or_default()))
        .collect()
}

fn section<'a>(readme: &'a str, heading: &str) -> &'a str {
    let (_, rest) = readme
        .split_once(&format!("\n## {heading}\n"))
        .expect("there is such a part");
    rest.split("\n## ").next().unwrap_or_default()
}

fn quoted(markdown: &str) -> impl Iterator<Item = &str> {
    markdown
        .split("```")
        .step_by(2)
        .flat_map(|text| text.split('`').skip(1).step_by(2))
}

#[test]
fn every_variable_stands_in_the_row_of_its_file_and_what_has_no_default_must_be_said() {
    let readme = guide();
    let example = read_in(TERRAFORM, "terraform.tfvars.example");
    let mut rows = section(&readme, "Variables")
        .lines()
        .filter(|line| line.starts_with("| `variables"));
    let mut count = 0;
    for (path, hcl) in files() {
        if !path.starts_with("variables") {
            continue;
        }
        let mut must = BTreeSet::new();
        let mut may = BTreeSet::new();
        for (name, content) in blocks(&hcl, "variable") {
            assert!(content.contains("  description = "), "{name}");
            if content.contains("\n  default ") {
                may.insert(name);
            } else {
                must.insert(name);
                let set = format!("\n{name} ");
                assert!(example.contains(&set), "{name} is not in the example");
            }
            count += 1;
        }
        let row = rows.next().unwrap_or_else(|| panic!("no row for {path}"));
        let cells: Vec<_> = row.split('|').collect();
        // What is a script's is no name.
        let said = |cell: &str| -> BTreeSet<String> {
            let names = quoted(cell).filter(|name| !name.contains('/'));
            names.map(ToOwned::to_owned).collect()
        };
        let [_, file, required, optional, _] = &cells[..] else {
            panic!("{row}");
        };
        assert_eq!(said(file), BTreeSet::from([path]));
        let sets = [required, optional].map(|cell| said(cell));
        let expected: [BTreeSet<String>; 2] =
            [must, may].map(|names| names.into_iter().map(ToOwned::to_owned).collect());
        assert_eq!(sets, expected);
    }
    assert_eq!(rows.next(), None);
    assert!(count >= 34, "{count}");
}

#[test]
fn every_output_is_described_and_explained() {
    let readme = guide();
    let hcl = read("outputs.tf");
    let outputs = blocks(&hcl, "output");
    assert!(outputs.len() >= 16, "{}", outputs.len());
    for (name, content) in outputs {
        assert!(content.contains("  description = \""), "{name}");
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn every_role_that_is_given_stands_where_rights_are_explained() {
    let readme = guide();
    let rights = section(&readme, "What each service account may do");
    let mut roles = BTreeSet::new();
    for (_, hcl) in files() {
        let given = between(&hcl, "= \"roles/", "\"").map(|role| format!("roles/{role}"));
        roles.extend(given);
    }
    let explained: BTreeSet<_> = quoted(rights)
        .filter_map(|text| text.split(' ').find(|word| word.starts_with("roles/")))
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(explained, roles);
    let iam = read("iam.tf");
    for (_, content) in blocks(&iam, "resource \"google_project_iam_custom_role\"") {
        let id = between(content, "\"${local.identifier}_", "\"").next();
        // One resource makes a role for each function that has anything to do with customers' accounts.
        for id in match id.expect("a role has an id") {
            id if id.starts_with("${") => vec!["service_account_link", "procurement_events"],
            id => vec![id],
        } {
            assert!(rights.contains(&format!("`portico_{id}`")), "{id}");
        }
    }
}

/// The titles of the alerts in this file. Charts have titles too, which are aligned with shorter words.
fn alert_titles(hcl: &str) -> impl Iterator<Item = &str> {
    hcl.lines().filter_map(|line| {
        let value = line.trim_start().strip_prefix("title  ")?.trim_start();
        value.strip_prefix("= \"")?.strip_suffix('"')
    })
}

#[test]
fn every_alert_is_explained_and_nothing_else() {
    let runbook = read_in(TERRAFORM, "runbook.md");
    let alerts = runbook.split("\n# ").next().unwrap_or_default();
    let explained: BTreeSet<_> = alerts
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    let hcl = [
        "alerts.tf",
        "alerts_signs.tf",
        "alerts_usage.tf",
        "objectives.tf",
        "reconciled.tf",
        "waiting.tf",
    ]
    .map(read);
    let titles: BTreeSet<_> = hcl.iter().flat_map(|hcl| alert_titles(hcl)).collect();
    assert_eq!(explained, titles);
    assert!(titles.len() >= 27, "{titles:?}");
    for title in titles {
        let (_, part) = alerts
            .split_once(&format!("\n## {title}\n"))
            .expect("a part");
        let part = part.split("\n## ").next().unwrap_or_default();
        for said in ["**First look:**", "**Repair:**", "**Over when:**"] {
            assert!(part.contains(said), "{title}: {said}");
        }
    }
}

#[test]
fn what_is_counted_is_what_the_tests_of_terraform_count() {
    let readme = guide();
    let inventory = read("tests/inventory.tftest.hcl");
    let count = |kind: &str| {
        let name = format!(" {kind} ");
        let line = inventory.lines().find_map(|line| {
            let (name, number) = line.split_once('=')?;
            (name.trim() == kind).then_some(number.trim().parse().ok()?)
        });
        let number: u64 = line.unwrap_or_else(|| panic!("{name}is not counted"));
        number
    };
    for said in [
        format!("{} metrics from the functions' log lines", count("metrics")),
        format!("{} alerts, 1 dashboard", count("alerts")),
        format!("stay enabled after a teardown | {} |", count("apis")),
        format!("| custom roles | {} |", count("custom_roles")),
        format!(
            "{} fields by which documents expire",
            count("expiring_fields")
        ),
        format!("{} fields without an index", count("unindexed_fields")),
    ] {
        assert!(readme.contains(&said), "{said}");
    }
}

#[test]
fn every_file_that_is_named_exists_and_every_file_is_named() {
    let readme = guide();
    let endings = ["tf", "sh", "py", "hcl", "json", "example", "tfvars"];
    // Of the reader's own, or of a release.
    let made = [
        "terraform.tfvars",
        "images.auto.tfvars.json",
        "release.json",
    ];
    for name in quoted(&readme) {
        let path = Path::new(name.split(' ').next().unwrap_or_default());
        let is_file = path
            .extension()
            .is_some_and(|it| endings.iter().any(|end| it == *end));
        let own =
            made.iter().any(|made| path.ends_with(made)) || path.ends_with(".terraform.lock.hcl");
        if is_file && !own {
            let places = ["", "..", "modules/portico"];
            let places = places.map(|place| Path::new(TERRAFORM).join(place).join(path));
            assert!(places.iter().any(|place| place.is_file()), "{name}");
        }
    }
    let unnamed = ["locals.tf", "outputs.tf"];
    for (path, _) in files() {
        let named = readme.contains(&format!("`{path}`")) || path.starts_with("modules/");
        assert!(named || unnamed.contains(&path.as_str()), "{path}");
    }
}

#[test]
fn the_root_and_the_tables_are_as_the_module_says() {
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/terraform-docs.py"
    );
    let output = Command::new(script).arg("--check").output();
    let output = output.expect("the script runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "run {script}: {said}");
}

/// Resources and modules that the module has had from its first day on, or `moved.tf` would name them.
const NEVER_AT_THE_ROOT: [&str; 9] = [
    "google_artifact_registry_repository.releases",
    "google_billing_budget.main",
    "google_monitoring_custom_service.main",
    "google_monitoring_notification_channel.email",
    "google_monitoring_slo.main",
    "terraform_data.deployment",
    "time_sleep.apis",
    "time_sleep.releases",
    "time_sleep.subscriber",
];

#[test]
fn whatever_was_at_the_root_before_there_was_a_module_is_moved_and_not_made_again() {
    let file = read_in(TERRAFORM, "moved.tf");
    let moves: Vec<_> = between(&file, "\n  from = ", "\n")
        .zip(between(&file, "\n  to   = ", "\n"))
        .collect();
    for (from, to) in &moves {
        assert_eq!(*to, format!("module.portico.{from}"));
    }
    let mut expected: BTreeSet<String> = NEVER_AT_THE_ROOT.map(str::to_owned).into();
    expected.extend(moves.iter().map(|(from, _)| (*from).to_owned()));
    let mut addresses = BTreeSet::new();
    for (_, hcl) in files().iter().filter(|(path, _)| !path.contains('/')) {
        let hcl = format!("\n{hcl}");
        let resources = between(&hcl, "\nresource \"", "\" {\n");
        addresses.extend(resources.map(|it| it.replace("\" \"", ".")));
        let modules = between(&hcl, "\nmodule \"", "\" {\n");
        addresses.extend(modules.map(|name| format!("module.{name}")));
    }
    assert!(moves.len() >= 54, "{}", moves.len());
    assert_eq!(addresses, expected);
}

#[test]
fn every_example_is_listed_and_has_a_test_that_plans_it() {
    let examples = Path::new(TERRAFORM).join("examples");
    let listed = read_in(TERRAFORM, "examples/README.md");
    let listed: BTreeSet<_> = between(&listed, "\n| [`", "`](").collect();
    let entries = fs::read_dir(examples).expect("there are examples");
    let folders = entries
        .map(|entry| entry.expect("a name"))
        .filter(|entry| entry.path().is_dir());
    let names: BTreeSet<_> = folders
        .map(|folder| folder.file_name().into_string().expect("UTF-8"))
        .collect();
    let found: BTreeSet<_> = names.iter().map(String::as_str).collect();
    assert_eq!(listed, found);
    for name in names {
        let test = read_in(TERRAFORM, &format!("examples/{name}/tests/plan.tftest.hcl"));
        assert!(test.contains("command = plan"), "{name}");
        // scripts/check.sh finds it by this file.
        read_in(TERRAFORM, &format!("examples/{name}/versions.tf"));
    }
}
