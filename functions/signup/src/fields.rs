//! The registration form's fields: which there are, and what a valid value is.

use std::collections::BTreeMap;

use customer_entry::{FormProblem, Input, UnverifiedForm};

/// One field a vendor may ask for.
#[derive(Debug, Clone, Copy)]
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    max_length: usize,
    check: fn(&str) -> Result<(), &'static str>,
}

/// Every field there is, in the order in which the form shows them.
const KNOWN: [Field; 5] = [
    Field {
        name: "company",
        label: "Company",
        kind: "text",
        autocomplete: "organization",
        max_length: 200,
        check: any_text,
    },
    Field {
        name: "name",
        label: "Your name",
        kind: "text",
        autocomplete: "name",
        max_length: 200,
        check: any_text,
    },
    Field {
        name: "email",
        label: "Work e-mail",
        kind: "email",
        autocomplete: "email",
        max_length: 254,
        check: e_mail,
    },
    Field {
        name: "phone",
        label: "Phone",
        kind: "tel",
        autocomplete: "tel",
        max_length: 40,
        check: phone,
    },
    Field {
        name: "website",
        label: "Website",
        kind: "url",
        autocomplete: "url",
        max_length: 200,
        check: website,
    },
];

/// The fields of one deployment's form.
#[derive(Debug, Clone)]
pub struct FormFields(Vec<(Field, Presence)>);

/// Whether a field must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
}

/// What the customer typed, checked: field name → value. Fields left empty are absent.
pub type Profile = BTreeMap<String, String>;

impl FormFields {
    /// Reads `company,name,email,phone?`: known names, each once, `?` for those that may stay
    /// empty. `None` for anything else, or no field at all.
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields: Vec<(Field, Presence)> = Vec::new();
        for item in text.split(',').map(str::trim) {
            let (name, presence) = match item.strip_suffix('?') {
                Some(name) => (name, Presence::Optional),
                None => (item, Presence::Required),
            };
            let field = KNOWN.into_iter().find(|field| field.name == name)?;
            if fields.iter().any(|(known, _)| known.name == name) {
                return None;
            }
            fields.push((field, presence));
        }
        Some(Self(fields))
    }

    /// The form as it is shown first.
    pub fn empty(&self) -> Vec<Input> {
        self.0
            .iter()
            .map(|(field, presence)| field.input(*presence, "", None))
            .collect()
    }

    /// Checks what was posted: the profile, or the inputs with what is wrong with them.
    pub fn check(&self, form: &UnverifiedForm) -> Result<Result<Profile, Vec<Input>>, FormProblem> {
        let mut profile = Profile::new();
        let mut inputs = Vec::new();
        for (field, presence) in &self.0 {
            let typed = form.at_most_once(field.name)?.unwrap_or_default().trim();
            let problem = field.problem(*presence, typed);
            inputs.push(field.input(*presence, typed, problem));
            if !typed.is_empty() {
                profile.insert(field.name.to_owned(), typed.to_owned());
            }
        }
        let valid = inputs.iter().all(|input| input.problem.is_none());
        Ok(if valid { Ok(profile) } else { Err(inputs) })
    }
}

impl Field {
    fn problem(&self, presence: Presence, typed: &str) -> Option<&'static str> {
        if typed.is_empty() {
            return (presence == Presence::Required).then_some("Please fill this in.");
        }
        if typed.chars().count() > self.max_length {
            return Some("This is too long.");
        }
        if typed.chars().any(char::is_control) {
            return Some("This has a character that cannot be stored.");
        }
        (self.check)(typed).err()
    }

    fn input(&self, presence: Presence, typed: &str, problem: Option<&'static str>) -> Input {
        Input {
            name: self.name,
            label: self.label,
            kind: self.kind,
            autocomplete: self.autocomplete,
            max_length: self.max_length,
            required: presence == Presence::Required,
            // Back to the customer for correction, but not without bound.
            value: typed.chars().take(self.max_length).collect(),
            problem,
        }
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one of several checks of one type"
)]
fn any_text(_: &str) -> Result<(), &'static str> {
    Ok(())
}

fn e_mail(text: &str) -> Result<(), &'static str> {
    let options = email_address::Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    match email_address::EmailAddress::parse_with_options(text, options) {
        Ok(_) => Ok(()),
        Err(_) => Err("Please enter an e-mail address, such as name@company.com."),
    }
}

fn phone(text: &str) -> Result<(), &'static str> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let allowed = |c: char| c.is_ascii_digit() || "+-/(). ".contains(c);
    if digits >= 5 && text.chars().all(allowed) {
        Ok(())
    } else {
        Err("Please enter a phone number, such as +1 650 555 0100.")
    }
}

fn website(text: &str) -> Result<(), &'static str> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => Ok(()),
        _ => Err("Please enter an address that starts with https://."),
    }
}

#[cfg(test)]
mod tests {
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
}
