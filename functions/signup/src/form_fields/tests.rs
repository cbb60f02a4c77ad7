//! Which lists of fields are read, and which values are valid.

use http::{HeaderMap, HeaderValue, header};

use super::*;

fn posted(body: &str) -> UnverifiedForm {
    let mut headers = HeaderMap::new();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(header::CONTENT_TYPE, form);
    UnverifiedForm::read(&headers, body.as_bytes()).unwrap()
}

/// What one field makes of this: the value, or what is wrong.
fn read(field: &str, pasted: &str) -> Result<Option<String>, String> {
    let fields = FormFields::parse(field).unwrap();
    let name = field.trim_end_matches('?');
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair(name, pasted)
        .finish();
    match fields.check(&posted(&body)).unwrap() {
        Ok(mut profile) => Ok(profile.remove(name)),
        Err(inputs) => Err(inputs.into_iter().find_map(|it| it.problem).unwrap()),
    }
}

#[track_caller]
fn check_value(field: &str, pasted: &str, expected: &str) {
    assert_eq!(
        read(field, pasted),
        Ok(Some(expected.to_owned())),
        "{field}={pasted:?}"
    );
}

#[track_caller]
fn check_problem(field: &str, pasted: &str, says: &str) {
    let problem = read(field, pasted).unwrap_err();
    assert!(problem.starts_with(says), "{field}={pasted:?}: {problem}");
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
fn a_corrected_form_shows_each_value_as_it_was_understood() {
    let fields = FormFields::parse("company,phone,email").unwrap();
    let form =
        posted("company=%E2%80%8BExample&phone=%2B49%E2%80%9330%E2%80%93901820&email=%E2%80%AEada");
    let inputs = fields.check(&form).unwrap().unwrap_err();
    let shown: Vec<_> = inputs.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(shown, ["Example", "+49-30-901820", "ada"]);
}

#[test]
fn what_cannot_be_seen_is_gone_before_a_field_is_checked() {
    for (field, seen) in [
        ("company", "Example Söhne"),
        ("name", "Ada Keller"),
        ("email", "ada@example.com"),
        ("phone", "+49 30 901820"),
        ("website", "https://example.com"),
    ] {
        let mut pasted = seen.replace(' ', "\u{a0}\u{200b}");
        pasted.insert(3, '\u{feff}');
        check_value(
            field,
            &format!("\u{202d}\u{3164} {pasted}\u{2009}\u{202c}"),
            seen,
        );
    }
    check_value("name", "می\u{200c}خواهم", "می\u{200c}خواهم");
}

#[test]
fn letters_with_marks_are_one_character_each_in_every_field() {
    for (field, pasted, value) in [
        ("company", "Cafe\u{301} Zoe\u{308}", "Café Zoë"),
        ("name", "Zoe\u{200b}\u{308}", "Zoë"),
        ("name", "\u{1112}\u{1161}\u{11ab}", "한"),
        ("email", "zoe\u{308}@example.com", "zoë@example.com"),
        (
            "phone",
            "+34 650 555 010 extensio\u{301}n 12",
            "+34 650 555 010 ext. 12",
        ),
        ("website", "cafe\u{301}.example", "https://café.example"),
    ] {
        check_value(field, pasted, value);
        check_value(field, value, value);
    }
    // Their length is counted as it is stored, and what is shown for correction is the same.
    check_value("name", &"a\u{301}".repeat(200), &"á".repeat(200));
    let fields = FormFields::parse("email").unwrap();
    let inputs = fields.check(&posted("email=zoe%CC%88")).unwrap();
    assert_eq!(inputs.unwrap_err()[0].value, "zoë");
    // Marks that are put in order stand behind what they belong to, and the joiner behind them shows nothing any more.
    check_value(
        "name",
        "\u{d28}\u{301}\u{d4d}\u{200d}",
        "\u{d28}\u{d4d}\u{301}",
    );
}

#[test]
fn what_shows_nothing_is_an_empty_field() {
    let nothing = ["\u{3164}", "\u{115f}", "\u{2800}", "\u{200d}\u{feff}\u{a0}"];
    for name in ["company", "name", "email", "phone", "website"] {
        check_problem(name, "", "Please fill this in.");
        check_problem(name, " \u{a0} ", "Please fill this in.");
        for nothing in nothing {
            let says =
                "Please fill this in: what was entered has only characters that cannot be seen.";
            check_problem(name, nothing, says);
            assert_eq!(read(&format!("{name}?"), nothing), Ok(None));
        }
    }
}

#[test]
fn what_is_too_long_is_measured() {
    let long = "This is too long: it has 201 characters, and at most 200 fit.";
    check_value("name", &"ä".repeat(200), &"ä".repeat(200));
    check_problem("name", &"ä".repeat(201), long);
    check_problem(
        "website",
        &format!("https://example.com/{}", "a".repeat(181)),
        long,
    );
    check_problem(
        "phone",
        &"1".repeat(41),
        "This is too long: it has 41 characters, and at most 40 fit.",
    );
    // What is left out does not count, and a value that is wrong too is first of all too long.
    check_value(
        "name",
        &format!("{}\u{200b}", "ä".repeat(200)),
        &"ä".repeat(200),
    );
    let shown_name = format!("{} <ada@example.com>", "a".repeat(300));
    check_value("email", &shown_name, "ada@example.com");
    check_problem(
        "email",
        &"a".repeat(255),
        "This is too long: it has 255 characters",
    );
}

#[test]
fn each_field_says_what_is_wrong() {
    check_problem("email", "ada", "This has no “@”.");
    check_problem("email", "ada@example", "The part after the “@” has no dot.");
    check_problem("phone", "call me", "This has the letter “c”.");
    check_problem(
        "phone",
        "1234",
        "This has 4 digits, and a phone number has at least 5.",
    );
    check_problem(
        "website",
        "javascript:alert(1)",
        "This starts with “javascript:”.",
    );
    check_problem("website", "example", "This names no site.");
    check_problem(
        "name",
        "M\u{fffd}ller",
        "This has a character that was damaged",
    );
}
