//! The README says what the code does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const README: &str = include_str!("../../README.md");

/// The texts between quotation marks in a source.
fn texts(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2)
}

/// What stands in the first column of the table under a heading, as far as it is code.
fn listed(heading: &str) -> BTreeSet<&'static str> {
    let (_, rest) = README.split_once(heading).expect("a heading");
    let rows = rest.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    rows.filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect()
}

#[test]
fn every_code_of_a_refusal_is_listed() {
    let source = include_str!("../../src/recording/refusals.rs");
    let (_, source) = source.split_once("impl Refusal").expect("the refusals");
    let is_code = |text: &&str| {
        text.contains('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    };
    let codes: BTreeSet<_> = texts(source).filter(is_code).collect();
    assert_eq!(codes, listed("The codes of a refusal"));
}

/// The sources of this crate, at any depth of folders.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let sources = paths.flat_map(|path| {
        if path.is_dir() {
            sources(&path)
        } else {
            vec![fs::read_to_string(path).expect("a source")]
        }
    });
    sources.collect()
}

#[test]
fn every_alert_is_listed() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let alerts = sources
        .iter()
        .flat_map(|source| source.split("alert = \"").skip(1));
    let alerts = alerts.filter_map(|rest| rest.split('"').next());
    let mut listed = listed("## Alerts");
    // The column's own name.
    listed.remove("alert");
    assert_eq!(alerts.collect::<BTreeSet<_>>(), listed);
}
