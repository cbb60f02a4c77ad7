//! E-mail addresses as they are copied.

use email_address::{EmailAddress, Options};
use icu_normalizer::ComposingNormalizerBorrowed;

use super::Problem;
use super::ascii::narrow;

/// The longest local part, in bytes (RFC 5321).
const LOCAL_PART: usize = 64;

/// The address alone: of `Ada Keller <ada@example.com>`, of a `mailto:` link, and without what ends a sentence or
/// separates a list. Letters with marks are one character each (NFC), as in the names of domains (RFC 5890, 2.3.2.1):
/// macOS writes two.
pub(super) fn address(typed: &str) -> Result<String, Problem> {
    let text: String = typed.chars().map(plain).collect();
    let text = ComposingNormalizerBorrowed::new_nfc().normalize(&text);
    let address = copied(&text);
    let options = Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    match EmailAddress::parse_with_options(address, options) {
        Ok(_) => Ok(address.to_owned()),
        Err(_) => Err(problem(address)),
    }
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

/// What is wrong with something that is no address.
fn problem(address: &str) -> Problem {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return "This has no “@”. Please enter an e-mail address, such as name@company.com.".into();
    };
    if local.contains('@') {
        return "This has more than one “@”. Please enter one e-mail address, such as name@company.com.".into();
    }
    if local.is_empty() {
        return "Nothing stands before the “@”. Please enter an e-mail address, such as name@company.com.".into();
    }
    if domain.is_empty() {
        return "Nothing stands after the “@”. Please enter an e-mail address, such as name@company.com.".into();
    }
    if address.contains(' ') {
        return "This has a space. Please enter an e-mail address, such as name@company.com."
            .into();
    }
    if local.len() > LOCAL_PART {
        return "The part before the “@” is too long: at most 64 characters fit.".into();
    }
    if !domain.contains('.') {
        return "The part after the “@” has no dot. Please enter an e-mail address, such as name@company.com.".into();
    }
    if domain.split('.').any(str::is_empty) {
        return "The part after the “@” has a dot at its beginning, or two dots in a row.".into();
    }
    match domain.split('.').find_map(misplaced) {
        Some(c) => format!(
            "The part after the “@” has “{c}” beside a dot or at its end, where only letters and digits stand. Please \
             enter an e-mail address, such as name@company.com."
        )
        .into(),
        None => "This has a character that no e-mail address has there. Please enter one such as name@company.com."
            .into(),
    }
}

/// What stands at the beginning or at the end of a part of a domain, and may not.
fn misplaced(part: &str) -> Option<char> {
    let ends = [part.chars().next(), part.chars().next_back()];
    ends.into_iter().flatten().find(|c| !c.is_alphanumeric())
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

    #[test]
    fn what_is_wrong_is_said() {
        for (typed, says) in [
            ("ada", "This has no “@”."),
            ("Ada Keller", "This has no “@”."),
            ("<>", "This has no “@”."),
            (
                "ada@example.com; bob@example.com",
                "This has more than one “@”.",
            ),
            (
                "bob@example.com, Ada <ada@example.com>",
                "This has more than one “@”.",
            ),
            (
                "Ada <ada@example.com>, Bob <bob@example.com>",
                "This has more than one “@”.",
            ),
            ("@example.com", "Nothing stands before the “@”."),
            ("ada@", "Nothing stands after the “@”."),
            ("ada keller@example.com", "This has a space."),
            ("ada@example", "The part after the “@” has no dot."),
            ("ada@example..com", "The part after the “@” has a dot"),
            ("ada@.example.com", "The part after the “@” has a dot"),
            ("ada@exam_ple.com>", "The part after the “@” has “>”"),
            ("ada@-example.com", "The part after the “@” has “-”"),
            ("ada@[127.0.0.1]", "The part after the “@” has “[”"),
            ("ada@\u{301}e.com", "The part after the “@” has “\u{301}”"),
            ("ada@exa(m)ple.com", "This has a character"),
        ] {
            let problem = address(typed).unwrap_err();
            assert!(problem.starts_with(says), "{typed}: {problem}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert!(address(&long).unwrap_err().contains("at most 64"));
    }
}
