//! The README says what the code does.

use sso_login::VARIABLES;

const README: &str = include_str!("../../README.md");

#[test]
fn the_table_of_variables_is_the_declared_one() {
    let (_, rest) = README.split_once("<!-- variables -->\n").expect("a start");
    let (table, _) = rest
        .split_once("<!-- end of variables -->")
        .expect("an end");
    assert_eq!(table, function_runtime::markdown_table(VARIABLES));
}
