//! The README says what the code does.

const README: &str = include_str!("../../README.md");

/// Each code that stands in the source of an answer stands in the README's table, and no other.
#[test]
fn the_table_of_problems_has_every_code() {
    let (_, rest) = README.split_once("<!-- problems -->\n").expect("a start");
    let (table, _) = rest.split_once("<!-- end of problems -->").expect("an end");
    let cells = table
        .lines()
        .skip(2)
        .filter_map(|row| row.split('|').nth(2));
    let mut listed: Vec<_> = cells.map(|cell| cell.trim().trim_matches('`')).collect();
    let runtime = [
        "body-too-large",
        "body-too-slow",
        "head-too-large",
        "internal",
        "method-not-allowed",
        "not-found",
    ];
    let sources = [
        include_str!("../../src/error.rs"),
        include_str!("../../src/problem_texts.rs"),
    ];
    let texts = sources
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2));
    let is_code = |text: &&str| {
        text.contains('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    };
    let mut expected: Vec<_> = texts.filter(is_code).chain(runtime).collect();
    for codes in [&mut listed, &mut expected] {
        codes.sort_unstable();
        codes.dedup();
    }
    assert_eq!(listed, expected);
}
