//! Which lists of fields are read, and which values are valid.

use http::{HeaderMap, HeaderValue, header};

use super::*;

fn posted(body: &str) -> UnverifiedForm {
    let mut headers = HeaderMap::new();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(header::CONTENT_TYPE, form);
    UnverifiedForm::read(&headers, body.as_bytes()).unwrap()
}

#[track_caller]
fn check_problem(field: &str, value: &str, expected: Option<&str>) {
    let fields = FormFields::parse(field).unwrap();
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair(field.trim_end_matches('?'), value)
        .finish();
    let checked = fields.check(&posted(&body)).unwrap();
    let problem = checked
        .err()
        .and_then(|inputs| inputs.first().and_then(|i| i.problem));
    assert_eq!(problem, expected, "{field}={value:?}");
}

#[test]
fn the_list_of_fields_is_read_with_its_optional_ones() {
    let fields = FormFields::parse("company, name,phone?").unwrap().empty();
    let shown: Vec<_> = fields.iter().map(|i| (i.name, i.required)).collect();
    assert_eq!(shown, [("company", true), ("name", true), ("phone", false)]);
}

#[test]
fn unknown_repeated_or_missing_fields_are_refused() {
    for text in ["", "name,", "name,name", "password", "name??"] {
        assert!(FormFields::parse(text).is_none(), "{text:?}");
    }
}

#[test]
fn a_valid_form_is_a_profile_without_what_was_left_empty() {
    let fields = FormFields::parse("company,email,phone?").unwrap();
    let profile = fields.check(&posted(
        "company=+Example+&email=a%40example.com&phone=&x=1",
    ));
    let expected = [("company", "Example"), ("email", "a@example.com")];
    assert_eq!(
        profile.unwrap().unwrap(),
        expected
            .into_iter()
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect::<Profile>()
    );
}

#[test]
fn a_field_posted_twice_is_no_form() {
    let fields = FormFields::parse("name").unwrap();
    assert_eq!(
        fields.check(&posted("name=a&name=b")).unwrap_err(),
        FormProblem::Twice
    );
}

#[test]
fn an_invalid_form_keeps_what_was_typed() {
    let fields = FormFields::parse("name,email").unwrap();
    let inputs = fields
        .check(&posted("name=Ada&email=ada"))
        .unwrap()
        .unwrap_err();
    let shown: Vec<_> = inputs
        .iter()
        .map(|i| (i.value.as_str(), i.problem.is_some()))
        .collect();
    assert_eq!(shown, [("Ada", false), ("ada", true)]);
}

#[test]
fn each_field_says_what_is_wrong() {
    let e_mail = Some("Please enter an e-mail address, such as name@company.com.");
    check_problem("email", "ada@example.com", None);
    for wrong in [
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "Ada <ada@example.com>",
    ] {
        check_problem("email", wrong, e_mail);
    }
    check_problem("name", "", Some("Please fill this in."));
    check_problem("name", "   ", Some("Please fill this in."));
    check_problem(
        "name",
        "a\u{7}b",
        Some("This has a character that cannot be stored."),
    );
    check_problem("name", &"ä".repeat(200), None);
    check_problem("name", &"ä".repeat(201), Some("This is too long."));
    check_problem("phone?", "", None);
    check_problem("phone", "+1 (650) 555-0100", None);
    check_problem(
        "phone",
        "call me",
        Some("Please enter a phone number, such as +1 650 555 0100."),
    );
    check_problem("website", "https://example.com", None);
    check_problem(
        "website",
        "javascript:alert(1)",
        Some("Please enter an address that starts with https://."),
    );
}
