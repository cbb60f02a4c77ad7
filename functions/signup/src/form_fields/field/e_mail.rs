//! E-mail addresses as they are copied.

mod problem;

use email_address::{EmailAddress, Options};
use icu_normalizer::ComposingNormalizerBorrowed;

use super::Problem;
use super::ascii::narrow;

/// The address alone: of `Ada Keller <ada@example.com>`, of a `mailto:` link, and without what ends a sentence or
/// separates a list. It is composed (NFC), as the names of domains are (RFC 5890, 2.3.2.1), once more than every field:
/// the ASCII letter of a wide one may take the mark behind it.
pub(super) fn address(typed: &str) -> Result<String, Problem> {
    let text: String = typed.chars().map(plain).collect();
    let text = ComposingNormalizerBorrowed::new_nfc().normalize(&text);
    let address = copied(&text);
    if is_address(address) {
        Ok(address.to_owned())
    } else {
        Err(problem::problem(address))
    }
}

fn is_address(text: &str) -> bool {
    let options = Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok()
}

/// The sign of ASCII for the wide ones, and for the full stop and the comma of Chinese and Japanese, wide and narrow.
fn plain(c: char) -> char {
    match narrow(c) {
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{3001}' | '\u{ff64}' => ',',
        c => c,
    }
}

fn copied(text: &str) -> &str {
    let text = text.trim_end_matches(['.', ',', ';', ' ']);
    let address = in_brackets(text).unwrap_or(text);
    match address.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest.trim_start(),
        _ => address,
    }
}

/// The address behind a person's name, unless there may be another one.
fn in_brackets(text: &str) -> Option<&str> {
    let (name, address) = text.strip_suffix('>')?.split_once('<')?;
    let (name, address) = (name.trim_matches(['"', '\'', ' ']), address.trim());
    let is_the_only_one = !name.contains('@') || name == address;
    is_the_only_one.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_out_of_what_was_copied() {
        for typed in [
            "ada@example.com",
            "Ada Keller <ada@example.com>",
            "\"Keller, Ada\" <ada@example.com>;",
            "<ada@example.com>",
            "ada@example.com <ada@example.com>",
            "mailto:ada@example.com",
            "Ada <MAILTO: ada@example.com>",
            "ada@example.com.",
            "ada@example.com, ",
            "ada＠example．com",
        ] {
            assert_eq!(address(typed).as_deref(), Ok("ada@example.com"), "{typed}");
        }
        assert_eq!(address("ädä@exämple.com").as_deref(), Ok("ädä@exämple.com"));
    }

    #[test]
    fn letters_with_marks_are_one_character_each() {
        let composed = "zoë@café.example";
        let typed = "zoe\u{308}@cafe\u{301}.example";
        assert_eq!(address(typed).as_deref(), Ok(composed));
        assert_eq!(address(composed).as_deref(), Ok(composed));
        let wide = address("zoｅ\u{308}@example.com");
        assert_eq!(wide.as_deref(), Ok("zoë@example.com"));
    }

    #[test]
    fn the_dots_of_chinese_and_japanese_are_dots() {
        for typed in [
            "ada＠example。com",
            "ada@example｡com",
            "ada@example.com。",
            "ada@example.com、",
        ] {
            assert_eq!(address(typed).as_deref(), Ok("ada@example.com"), "{typed}");
        }
    }
}
