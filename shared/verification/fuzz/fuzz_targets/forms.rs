//! Arbitrary bytes as the body of a form: the one that the Marketplace posts, and our registration form.
#![no_main]

use std::sync::LazyLock;

use customer_entry::{FormProblem, TOKEN_FIELD, UnverifiedForm};
use form_urlencoded::Serializer;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use marketplace::{EntitlementId, PlanId, log_text, pasted_text};
use signup::{FormFields, Profile};

/// How much of a text is logged.
const LOGGED: usize = 200;

const NAMES: [&str; 6] = [TOKEN_FIELD, "company", "name", "email", "phone", "website"];

static FIELDS: LazyLock<FormFields> = LazyLock::new(|| {
    FormFields::parse("company?,name?,email?,phone?,website?").expect("the fields are known")
});

fuzz_target!(|body: &[u8]| {
    if let Ok(text) = str::from_utf8(body) {
        check_text(text);
    }
    let Ok(form) = read(body) else {
        return;
    };
    check_form(&form);
    match FIELDS.check(&form) {
        Ok(Ok(profile)) => check_profile(&profile),
        Ok(Err(inputs)) => {
            assert!(inputs.iter().any(|input| input.problem.is_some()));
            for input in inputs {
                check_shown(&input.value);
                check_shown(&input.problem.unwrap_or_default());
            }
        }
        Err(problem) => assert_eq!(problem, FormProblem::Twice),
    }
});

fn read(body: &[u8]) -> Result<UnverifiedForm, FormProblem> {
    let mut headers = HeaderMap::new();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, form);
    UnverifiedForm::read(&headers, body)
}

fn posted<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> UnverifiedForm {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    read(body.as_bytes()).expect("what a browser posts is a form")
}

/// What was read of a form is read again when a browser posts it.
fn check_form(form: &UnverifiedForm) {
    let values = NAMES.map(|name| (name, form.at_most_once(name).ok().flatten()));
    let values = values.map(|(name, value)| Some((name, value?)));
    let again = posted(values.into_iter().flatten());
    for (name, value) in values.into_iter().flatten() {
        assert_eq!(again.once(name), Ok(value), "{name}");
        check_text(value);
    }
}

/// What was accepted is accepted again as it is, and all of it can be seen.
fn check_profile(profile: &Profile) {
    let fields = profile
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let again = FIELDS.check(&posted(fields));
    let again = again.expect("each field stands once").ok();
    assert_eq!(again.as_ref(), Some(profile));
    for value in profile.values() {
        check_shown(value);
        assert_eq!(&pasted_text::line(value), value);
        assert!(!value.is_empty());
    }
}

/// Any text: what it becomes in a log, on a page, at a terminal, and as an identifier.
fn check_text(text: &str) {
    let logged = log_text(text, LOGGED);
    check_shown(&logged);
    assert!(logged.chars().count() <= LOGGED);
    for clean in [
        pasted_text::line,
        pasted_text::lines,
        pasted_text::for_terminal,
    ] {
        let cleaned = clean(text);
        check_shown(&cleaned.replace('\n', " "));
        assert_eq!(clean(&cleaned), cleaned);
    }
    if let Ok(plan) = PlanId::parse(text) {
        check_shown(&plan.shown());
        assert!(!plan.shown().is_empty());
        check_shown(&plan.as_str().replace(is_variation_selector, ""));
        let encoded = plan.percent_encoded();
        assert!(encoded.bytes().all(is_unreserved_or_percent));
        assert_eq!(PlanId::from_percent_encoded(&encoded).as_ref(), Ok(&plan));
    }
    if let Ok(order) = EntitlementId::parse(text) {
        let encoded = order.percent_encoded();
        assert!(encoded.bytes().all(is_unreserved_or_percent));
        assert_eq!(
            EntitlementId::from_percent_encoded(&encoded).as_ref(),
            Ok(&order)
        );
    }
}

fn is_unreserved_or_percent(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)
}

fn is_variation_selector(c: char) -> bool {
    matches!(
        c,
        '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

/// Not by the tables that the code asks: no control character, no mark of direction, no byte order mark, no filler, no
/// variation selector, nothing that is no character, and nothing of no width but joiners.
fn check_shown(text: &str) {
    let hidden = |c: char| {
        c.is_control()
            || is_variation_selector(c)
            || matches!(
                c,
                '\u{ad}'
                    | '\u{34f}'
                    | '\u{61c}'
                    | '\u{115f}'
                    | '\u{1160}'
                    | '\u{17b4}'
                    | '\u{17b5}'
                    | '\u{180e}'
                    | '\u{200b}'
                    | '\u{200e}'
                    | '\u{200f}'
                    | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{2800}'
                    | '\u{3164}'
                    | '\u{fdd0}'..='\u{fdef}'
                    | '\u{feff}'
                    | '\u{ffa0}'
                    | '\u{fff0}'..='\u{fffc}'
                    | '\u{fffe}'..='\u{ffff}'
                    | '\u{e0000}'..='\u{e0fff}'
            )
    };
    assert!(!text.contains(hidden), "{}", text.escape_unicode());
}
