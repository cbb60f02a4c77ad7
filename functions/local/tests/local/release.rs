//! What a release is made of: its files, and that the checks run what makes them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::stand_ins::Ended;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const REGISTRY: &str = "ghcr.io/example/portico";

/// What cargo-auditable lists: two crates that the program contains, and one that it is built with.
const CRATES: &str = r#"{"packages": [
    {"name": "anyhow", "version": "1.0.1", "source": "crates.io"},
    {"name": "cc", "version": "1.2.0", "source": "crates.io", "kind": "build"},
    {"name": "signup", "version": "0.0.0", "source": "local", "dependencies": [0, 1], "root": true}
]}"#;

/// In git's place: a history of one commit, with the files as they are.
const GIT: &str =
    "#!/bin/sh\ncase $1 in archive) shift 2; tar -cf - \"$@\" ;; *) echo 1800000000 ;; esac\n";

/// A checkout in which the image of sign-up and one program have been built.
struct Checkout(PathBuf);

impl Checkout {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("release-{test}"));
        // A run that was killed left it.
        _ = fs::remove_dir_all(&folder);
        for name in [
            "bin",
            "files",
            "scripts",
            "target/programs",
            "terraform/modules/portico",
        ] {
            fs::create_dir_all(folder.join(name)).expect("a folder can be made");
        }
        for script in [
            "command-line.sh",
            "explain-failure.py",
            "known_failures.py",
            "oci-layout.py",
            "pin.sh",
            "release-files.sh",
            "sbom.py",
            "smoke.sh",
            "tools.sh",
        ] {
            let from = Path::new(ROOT).join("scripts").join(script);
            fs::copy(from, folder.join("scripts").join(script)).expect("it can be copied");
        }
        let checkout = Self(folder);
        checkout.put("bin/git", GIT);
        let mut executable = Command::new("chmod");
        let changed = executable
            .arg("+x")
            .arg(checkout.0.join("bin/git"))
            .status();
        assert!(changed.expect("chmod runs").success());
        checkout.put("files/function", "a program");
        checkout.put("terraform/modules/portico/main.tf", "# The module.\n");
        checkout.put("target/programs/operator", "a program, too");
        checkout.put("target/programs/operator.crates.json", CRATES);
        let packed = Command::new(checkout.0.join("scripts/oci-layout.py"))
            .args(["pack", "files", "target/images/signup"])
            .current_dir(&checkout.0)
            .output();
        assert!(packed.expect("the script runs").status.success());
        checkout.put("target/images/signup.crates.json", CRATES);
        checkout
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("it can be written");
    }

    fn release(&self, arguments: &[&str]) -> Ended {
        let inherited = std::env::var_os("PATH").expect("there is a PATH");
        let folders = std::iter::once(self.0.join("bin"));
        let folders = folders.chain(std::env::split_paths(&inherited));
        let output = Command::new(self.0.join("scripts/release-files.sh"))
            .args(arguments)
            .args([REGISTRY, "v1.2.3"])
            .env("PATH", std::env::join_paths(folders).expect("no colon"))
            .output();
        Ended::from(output.expect("the script runs"))
    }

    fn file(&self, name: &str) -> String {
        let path = self.0.join("target/release-files").join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn files(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.0.join("target/release-files")).expect("there are some");
        let names = entries.map(|entry| entry.expect("a name").file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    /// The digest under which the image of sign-up is pushed.
    fn digest(&self) -> String {
        let index = fs::read_to_string(self.0.join("target/images/signup/index.json"));
        let index: Value = serde_json::from_str(&index.expect("it is there")).expect("JSON");
        index["manifests"][0]["digest"]
            .as_str()
            .expect("a digest")
            .to_owned()
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_release_names_each_image_by_the_digest_under_which_it_is_pushed() {
    let checkout = Checkout::new("digests");
    let ended = checkout.release(&[]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let release: Value = serde_json::from_str(&checkout.file("release.json")).expect("JSON");
    let digest = checkout.digest();
    let expected = json!({ "registry": REGISTRY, "digests": { "signup": digest } });
    assert_eq!(release, expected);
    let hexadecimal = digest.strip_prefix("sha256:").expect("its algorithm");
    let line = format!("{hexadecimal}  {REGISTRY}/signup\n");
    assert_eq!(checkout.file("images.sha256"), line);
}

#[test]
fn every_file_of_a_release_is_there_and_has_its_checksum() {
    let checkout = Checkout::new("files");
    let ended = checkout.release(&[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let expected = [
        "SHA256SUMS",
        "images.sha256",
        "operator-linux-x86_64",
        "operator.cdx.json",
        "portico-terraform.tar.gz",
        "release.json",
        "signup.cdx.json",
    ];
    let files = BTreeSet::from(expected.map(str::to_owned));
    assert_eq!(checkout.files(), files);
    let sums = checkout.file("SHA256SUMS");
    let named: BTreeSet<_> = sums
        .lines()
        .filter_map(|line| line.split("  ").nth(1))
        .collect();
    let summed: BTreeSet<_> = expected[1..].iter().copied().collect();
    assert_eq!(named, summed);
    assert_eq!(checkout.file("operator-linux-x86_64"), "a program, too");
}

#[test]
fn terraform_of_a_release_holds_its_digests_where_the_module_reads_them() {
    let checkout = Checkout::new("terraform");
    assert_eq!(checkout.release(&[]).code, Some(0));
    let archive = checkout
        .0
        .join("target/release-files/portico-terraform.tar.gz");
    let member = "./terraform/modules/portico/release.json";
    let printed = Command::new("tar")
        .arg("-xOzf")
        .arg(archive)
        .arg(member)
        .output();
    let printed = Ended::from(printed.expect("tar runs"));
    assert_eq!(printed.stdout, checkout.file("release.json"), "{printed:?}");
    let module = Path::new(ROOT).join("terraform/modules/portico/released_images.tf");
    let module = fs::read_to_string(module).expect("it is there");
    for read in [
        "${path.module}/release.json",
        "local.of_this.registry",
        "local.of_this.digests",
    ] {
        assert!(module.contains(read), "{read}");
    }
}

#[test]
fn the_same_commit_gives_the_same_files() {
    let checkout = Checkout::new("same");
    assert_eq!(checkout.release(&[]).code, Some(0));
    let first = checkout.file("SHA256SUMS");
    assert_eq!(checkout.release(&[]).code, Some(0));
    assert_eq!(checkout.file("SHA256SUMS"), first);
}

#[test]
fn what_lists_no_crates_is_no_release() {
    let checkout = Checkout::new("unlisted");
    fs::remove_file(checkout.0.join("target/programs/operator.crates.json")).expect("it is there");
    let ended = checkout.release(&[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let said = "operator.crates.json is missing: operator was built without cargo-auditable";
    assert!(ended.stderr.contains(said), "{ended:?}");
    // A quick build never lists them.
    let ended = checkout.release(&["--quick"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        !checkout
            .files()
            .iter()
            .any(|name| name.ends_with(".cdx.json"))
    );
}

#[test]
fn a_bill_of_materials_names_what_the_program_contains_and_nothing_else() {
    let checkout = Checkout::new("bill");
    assert_eq!(checkout.release(&[]).code, Some(0));
    let bill: Value = serde_json::from_str(&checkout.file("signup.cdx.json")).expect("JSON");
    assert_eq!(
        (&bill["bomFormat"], &bill["specVersion"]),
        (&json!("CycloneDX"), &json!("1.5"))
    );
    let program = &bill["metadata"]["component"];
    assert_eq!(
        (&program["name"], &program["version"]),
        (&json!("signup"), &json!("v1.2.3"))
    );
    let component = json!({
        "type": "library",
        "name": "anyhow",
        "version": "1.0.1",
        "bom-ref": "anyhow@1.0.1",
        "purl": "pkg:cargo/anyhow@1.0.1",
    });
    assert_eq!(bill["components"], json!([component]));
    let program = json!({ "ref": "signup@0.0.0", "dependsOn": ["anyhow@1.0.1"] });
    let crates = json!({ "ref": "anyhow@1.0.1", "dependsOn": [] });
    assert_eq!(bill["dependencies"], json!([crates, program]));
}

#[test]
fn every_script_of_the_release_is_run_by_the_checks() {
    let read = |path: &str| fs::read_to_string(Path::new(ROOT).join(path)).expect("it is there");
    let workflow = read(".github/workflows/release.yml");
    let scripts: BTreeSet<_> = workflow
        .split("scripts/")
        .skip(1)
        .filter_map(|rest| rest.split_whitespace().next())
        .collect();
    let checks = read("scripts/checks.sh");
    // What needs a registry is run by tests, on one that stands in.
    let tested = BTreeSet::from(["push-images.sh"]);
    assert!(
        scripts.is_superset(&tested) && scripts.len() >= 4,
        "{scripts:?}"
    );
    for script in scripts.difference(&tested) {
        assert!(checks.contains(&format!("scripts/{script} ")), "{script}");
    }
}
