//! What is said of something that is no e-mail address.

use super::{Problem, is_address};

/// The longest local part, in bytes (RFC 5321, 4.5.3.1.1).
const LOCAL_PART: usize = 64;

/// The longest part of a domain between dots, in bytes (RFC 1035, 2.3.4).
const LABEL: usize = 63;

/// The longest domain, in bytes: 255 with a dot at its end (RFC 5321, 4.5.3.1.2).
const DOMAIN: usize = 254;

/// What is wrong with something that is no address.
pub(super) fn problem(address: &str) -> Problem {
    let what: Option<Problem> = match address.rsplit_once('@') {
        None => Some("This has no “@”.".into()),
        Some((local, domain)) => of_both(local, domain)
            .or_else(|| of_local_part(local))
            .or_else(|| of_domain(domain)),
    };
    let what = what.unwrap_or("This is no e-mail address.".into());
    format!("{what} Please enter one e-mail address, such as name@company.com.").into()
}

fn of_both(local: &str, domain: &str) -> Option<Problem> {
    if local.contains('@') {
        return Some("This has more than one “@”.".into());
    }
    if local.is_empty() {
        return Some("Nothing stands before the “@”.".into());
    }
    if domain.is_empty() {
        return Some("Nothing stands after the “@”.".into());
    }
    let has_space = local.contains(' ') || domain.contains(' ');
    has_space.then(|| "This has a space.".into())
}

fn of_local_part(local: &str) -> Option<Problem> {
    if local.len() > LOCAL_PART {
        return Some(too_long("The part before the “@”", local, LOCAL_PART));
    }
    if is_address(&format!("{local}@example.com")) {
        return None;
    }
    if local.split('.').any(str::is_empty) {
        return Some(
            "The part before the “@” has a dot at its beginning or end, or two dots in a row."
                .into(),
        );
    }
    let is_wrong = |c: &char| *c != '.' && !is_address(&format!("{c}@example.com"));
    let c = local.chars().find(is_wrong)?;
    Some(format!("The part before the “@” has “{c}”, which no e-mail address has there.").into())
}

fn of_domain(domain: &str) -> Option<Problem> {
    if !domain.contains('.') {
        return Some("The part after the “@” has no dot.".into());
    }
    if domain.split('.').any(str::is_empty) {
        return Some(
            "The part after the “@” has a dot at its beginning, or two dots in a row.".into(),
        );
    }
    if let Some(label) = domain.split('.').find(|label| label.len() > LABEL) {
        return Some(too_long("A part between dots after the “@”", label, LABEL));
    }
    if domain.len() > DOMAIN {
        return Some(too_long("The part after the “@”", domain, DOMAIN));
    }
    if let Some(c) = domain.split('.').find_map(misplaced) {
        let says = format!(
            "The part after the “@” has “{c}” beside a dot or at its end, where only letters and digits stand."
        );
        return Some(says.into());
    }
    let is_wrong = |c: &char| !is_address(&format!("a@a{c}a.example"));
    let c = domain.chars().find(is_wrong)?;
    Some(format!("The part after the “@” has “{c}”, which no e-mail address has there.").into())
}

/// The limits are in bytes, of which the customer knows nothing.
fn too_long(which: &str, text: &str, most: usize) -> Problem {
    let other_letters = if text.is_ascii() {
        ""
    } else {
        ", and a letter that is not one of a–z counts as two to four"
    };
    format!("{which} is too long: at most {most} characters fit{other_letters}.").into()
}

/// What stands at the beginning or at the end of a part of a domain, and may not.
fn misplaced(part: &str) -> Option<char> {
    let ends = [part.chars().next(), part.chars().next_back()];
    ends.into_iter().flatten().find(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::address;

    #[track_caller]
    fn refused(typed: &str, says: &str) {
        let problem = address(typed).unwrap_err();
        assert!(problem.starts_with(says), "{typed}: {problem}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (typed, says) in [
            ("ada", "This has no “@”."),
            ("Ada Keller", "This has no “@”."),
            ("<>", "This has no “@”."),
            ("@example.com", "Nothing stands before the “@”."),
            ("ada@", "Nothing stands after the “@”."),
            ("ada keller@example.com", "This has a space."),
            ("ada@example", "The part after the “@” has no dot."),
            ("ada@example..com", "The part after the “@” has a dot"),
            ("ada@.example.com", "The part after the “@” has a dot"),
        ] {
            refused(typed, says);
        }
    }

    #[test]
    fn one_address_is_asked_for() {
        for typed in [
            "ada@example.com; bob@example.com",
            "bob@example.com, Ada <ada@example.com>",
            "Ada <ada@example.com>, Bob <bob@example.com>",
        ] {
            refused(typed, "This has more than one “@”.");
        }
    }

    #[test]
    fn dots_at_an_end_of_the_name_or_side_by_side_are_named() {
        for typed in [
            ".ada@example.com",
            "ada.@example.com",
            "ada..keller@example.com",
        ] {
            refused(typed, "The part before the “@” has a dot at its beginning");
        }
        assert!(address("ada.keller@example.com").is_ok());
    }

    #[test]
    fn a_character_that_no_address_has_there_is_named() {
        for (typed, c) in [
            ("ada(home)@example.com", '('),
            ("ada:keller@example.com", ':'),
            ("ada\"keller@example.com", '"'),
            ("ada—keller@example.com", '—'),
            ("<ada@example.com", '<'),
        ] {
            let says = format!("The part before the “@” has “{c}”, which");
            refused(typed, &says);
        }
        for (typed, c) in [("ada@exa(m)ple.com", '('), ("ada@exa:mple.com", ':')] {
            let says = format!("The part after the “@” has “{c}”, which");
            refused(typed, &says);
        }
    }

    #[test]
    fn a_character_beside_a_dot_is_named() {
        for (typed, c) in [
            ("ada@exam_ple.com>", '>'),
            ("ada@-example.com", '-'),
            ("ada@[127.0.0.1]", '['),
            ("ada@\u{301}e.com", '\u{301}'),
        ] {
            let says = format!("The part after the “@” has “{c}” beside a dot");
            refused(typed, &says);
        }
    }

    #[test]
    fn what_is_too_long_is_told_from_what_is_wrong() {
        let (a, umlaut) = ("a", "ä");
        let name = format!("{}@example.com", a.repeat(65));
        refused(
            &name,
            "The part before the “@” is too long: at most 64 characters fit.",
        );
        let label = format!("ada@{}.com", a.repeat(64));
        let says = "A part between dots after the “@” is too long: at most 63 characters fit";
        refused(&label, &format!("{says}."));
        let label = format!("ada@{}.com", umlaut.repeat(32));
        refused(
            &label,
            &format!("{says}, and a letter that is not one of a–z counts"),
        );
        let domain = format!("ada@{}com", format!("{}.", umlaut.repeat(31)).repeat(5));
        refused(
            &domain,
            "The part after the “@” is too long: at most 254 characters",
        );
        assert!(address(&format!("{}@{}.com", a.repeat(64), a.repeat(63))).is_ok());
    }
}
