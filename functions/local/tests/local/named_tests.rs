//! The tests that documents name as proofs exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const DOCUMENTS: [&str; 2] = ["shared/README.md", ".github/SECURITY.md"];

const FOLDERS: [&str; 3] = ["functions", "shared", "scripts"];

/// A test is named as a sentence, so its name has at least three underscores; nothing else in these documents has.
fn named(document: &str) -> BTreeSet<&str> {
    let code = document.split('`').skip(1).step_by(2);
    let is_test = |text: &&str| {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        text.chars().all(is_plain) && text.matches('_').count() > 2
    };
    code.filter(is_test).collect()
}

fn collect_tests(folder: &Path, tests: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            collect_tests(&path, tests);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("the file can be read");
            let after_fn = text.split("fn ").skip(1);
            let name = |text: &str| text.split(['(', '<']).next().map(str::to_owned);
            tests.extend(after_fn.filter_map(name));
        }
    }
}

#[test]
fn every_test_that_a_document_names_as_a_proof_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut tests = BTreeSet::new();
    for folder in FOLDERS {
        collect_tests(&root.join(folder), &mut tests);
    }
    for document in DOCUMENTS {
        let text = fs::read_to_string(root.join(document)).expect("the document can be read");
        let named = named(&text);
        assert!(named.len() > 10, "{document} names {} tests", named.len());
        let missing: Vec<_> = named
            .iter()
            .filter(|name| !tests.contains(**name))
            .collect();
        assert!(missing.is_empty(), "{document} names {missing:?}");
    }
}
