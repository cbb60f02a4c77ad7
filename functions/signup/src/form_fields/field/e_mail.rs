//! E-mail addresses as they are copied.

use email_address::{EmailAddress, Options};

use super::Problem;
use super::ascii::narrow;

/// The longest local part, in bytes (RFC 5321).
const LOCAL_PART: usize = 64;

/// The address alone: of `Ada Keller <ada@example.com>`, of a `mailto:` link, and without what ends a sentence or
/// separates a list.
pub(super) fn address(typed: &str) -> Result<String, Problem> {
    let text: String = typed.chars().map(narrow).collect();
    let address = copied(&text);
    let options = Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    match EmailAddress::parse_with_options(address, options) {
        Ok(_) => Ok(address.to_owned()),
        Err(_) => Err(problem(address).into()),
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
fn problem(address: &str) -> &'static str {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return "This has no “@”. Please enter an e-mail address, such as name@company.com.";
    };
    if local.contains('@') {
        return "This has more than one “@”. Please enter one e-mail address, such as name@company.com.";
    }
    if local.is_empty() {
        return "Nothing stands before the “@”. Please enter an e-mail address, such as name@company.com.";
    }
    if domain.is_empty() {
        return "Nothing stands after the “@”. Please enter an e-mail address, such as name@company.com.";
    }
    if address.contains(' ') {
        return "This has a space. Please enter an e-mail address, such as name@company.com.";
    }
    if local.len() > LOCAL_PART {
        return "The part before the “@” is too long: at most 64 characters fit.";
    }
    if !domain.contains('.') {
        return "The part after the “@” has no dot. Please enter an e-mail address, such as name@company.com.";
    }
    if domain.split('.').any(str::is_empty) {
        return "The part after the “@” has a dot at its beginning, or two dots in a row.";
    }
    "This has a character that no e-mail address has there. Please enter one such as name@company.com."
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
            ("ada@exam_ple.com>", "This has a character"),
            ("ada@-example.com", "This has a character"),
            ("ada@[127.0.0.1]", "This has a character"),
        ] {
            let problem = address(typed).unwrap_err();
            assert!(problem.starts_with(says), "{typed}: {problem}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert!(address(&long).unwrap_err().contains("at most 64"));
    }
}
