//! What every script does with arguments: it explains itself, and refuses by name what it does not know.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stand_ins::Ended;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The scripts that are run, not sourced.
fn scripts() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join("scripts")).expect("there are scripts");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let is_run = |path: &PathBuf| {
        let metadata = path.metadata().expect("it can be read");
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    };
    paths.filter(is_run).collect()
}

fn run(script: &Path, argument: &str) -> Ended {
    let mut command = Command::new(script);
    let output = command.arg(argument).current_dir("/").output();
    Ended::from(output.expect("the script runs"))
}

#[test]
fn every_script_refuses_an_unknown_argument_by_name() {
    let mut scripts = scripts();
    assert!(scripts.len() >= 12, "{scripts:?}");
    scripts.push(Path::new(ROOT).join(".ci/run"));
    for script in scripts {
        let ended = run(&script, "--nonsense");
        assert_eq!(ended.code, Some(64), "{}: {ended:?}", script.display());
        let expected = "unknown argument: --nonsense";
        assert!(
            ended.stderr.starts_with(expected),
            "{}: {ended:?}",
            script.display()
        );
        assert_eq!(ended.stdout, "", "{}", script.display());
    }
}

#[test]
fn every_script_explains_itself_wherever_it_is_called_from() {
    for script in scripts() {
        let ended = run(&script, "--help");
        assert_eq!(ended.code, Some(0), "{}: {ended:?}", script.display());
        assert_eq!(ended.stderr, "", "{}", script.display());
        let name = script.file_name().expect("a name").to_string_lossy();
        assert!(ended.stdout.contains(&*name), "{ended:?}");
        assert!(!ended.stdout.contains("set -euo"), "{ended:?}");
    }
}

#[test]
fn every_script_has_its_line_in_the_readme() {
    let readme = fs::read_to_string(Path::new(ROOT).join("scripts/README.md"));
    let readme = readme.expect("scripts/ has a README");
    for script in scripts() {
        let name = script.file_name().expect("a name").to_string_lossy();
        assert!(
            readme.contains(&format!("| `{name}` | ")),
            "{name} is missing"
        );
    }
}
