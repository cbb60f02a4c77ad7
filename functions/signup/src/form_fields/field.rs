//! Each field there is, and what a valid value of it is.

use customer_entry::pages::Input;

/// One field a vendor may ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    max_length: usize,
    check: fn(&str) -> Result<(), &'static str>,
}

/// Every field there is, in the order in which the form shows them.
pub(super) const KNOWN: [Field; 5] = [
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

/// Whether a field must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    Optional,
}

impl Field {
    pub(super) fn problem(&self, presence: Presence, typed: &str) -> Option<&'static str> {
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

    pub(super) fn input(
        &self,
        presence: Presence,
        typed: &str,
        problem: Option<&'static str>,
    ) -> Input {
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
