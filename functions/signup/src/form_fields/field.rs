//! Each field there is, and how its value is read from what was pasted.

mod ascii;
mod e_mail;
mod phone;
mod website;

use std::borrow::Cow;

use customer_entry::pages::Input;
use icu_normalizer::ComposingNormalizerBorrowed;
use marketplace::pasted_text;

/// What is wrong with an input, as the customer reads it.
type Problem = Cow<'static, str>;

/// How much of a value that is too long goes back to the customer for correction.
const SHOWN: usize = 1_000;

/// One field a vendor may ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    max_length: usize,
    /// The value that is stored, of a line that is not empty.
    value: fn(&str) -> Result<String, Problem>,
}

/// Every field there is, in the order in which the form shows them.
pub(super) const KNOWN: [Field; 5] = [
    Field {
        name: "company",
        label: "Company",
        kind: "text",
        autocomplete: "organization",
        max_length: 200,
        value: any_text,
    },
    Field {
        name: "name",
        label: "Your name",
        kind: "text",
        autocomplete: "name",
        max_length: 200,
        value: any_text,
    },
    Field {
        name: "email",
        label: "Work e-mail",
        kind: "email",
        autocomplete: "email",
        max_length: 254,
        value: e_mail::address,
    },
    Field {
        name: "phone",
        label: "Phone",
        kind: "tel",
        autocomplete: "tel",
        max_length: 40,
        value: phone::number,
    },
    Field {
        name: "website",
        label: "Website",
        kind: "url",
        autocomplete: "url",
        max_length: 200,
        value: website::address,
    },
];

/// Whether a field must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    Optional,
}

impl Field {
    /// The value of what was pasted, if there is one, or what is wrong with it.
    pub(super) fn read(&self, presence: Presence, pasted: &str) -> Result<Option<String>, Problem> {
        let typed = typed(pasted);
        if typed.is_empty() {
            return match presence {
                Presence::Optional => Ok(None),
                Presence::Required => Err(missing(pasted)),
            };
        }
        if typed.contains(char::REPLACEMENT_CHARACTER) {
            return Err(
                "This has a character that was damaged on its way (\u{fffd}). Please type it again.".into(),
            );
        }
        match (self.value)(&typed) {
            Ok(value) => self.fits(&value).map(|()| Some(value)),
            Err(problem) => Err(self.fits(&typed).err().unwrap_or(problem)),
        }
    }

    fn fits(&self, text: &str) -> Result<(), Problem> {
        let (length, most) = (text.chars().count(), self.max_length);
        if length <= most {
            return Ok(());
        }
        Err(format!("This is too long: it has {length} characters, and at most {most} fit.").into())
    }

    /// The input with this in it.
    pub(super) fn input(&self, presence: Presence, text: &str, problem: Option<Problem>) -> Input {
        Input {
            name: self.name,
            label: self.label,
            kind: self.kind,
            autocomplete: self.autocomplete,
            required: presence == Presence::Required,
            value: text.chars().take(SHOWN).collect(),
            problem: problem.map(Cow::into_owned),
        }
    }
}

/// One line of what can be seen, each letter with its marks as one character where there is one (NFC): macOS writes
/// several. It is cleaned again, as a joiner may stand elsewhere among marks that were put in order.
pub(super) fn typed(pasted: &str) -> String {
    let seen = pasted_text::line(pasted);
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&seen);
    pasted_text::line(&composed)
}

fn missing(pasted: &str) -> Problem {
    if pasted.trim().is_empty() {
        "Please fill this in.".into()
    } else {
        "Please fill this in: what was entered has only characters that cannot be seen.".into()
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one of several readers of one type"
)]
fn any_text(typed: &str) -> Result<String, Problem> {
    Ok(typed.to_owned())
}
