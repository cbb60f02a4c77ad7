//! Reads the cells of a line. None of a person's data is in a problem.

use marketplace::{ProcurementAccountId, UserIdentity};

use crate::usage::FORMULA;

/// How many digits of a number a spreadsheet keeps. The others become zeros.
const KEPT_DIGITS: usize = 15;

/// So many zeros at the end of an identity are no chance.
const ZEROS: usize = 5;

/// Google's id of an account.
pub(super) fn account(text: &str) -> Result<ProcurementAccountId, String> {
    expect_no_formula(text)?;
    ProcurementAccountId::parse(text).map_err(|error| error.to_string())
}

/// Google's id of a user: a number that no spreadsheet may have rounded.
pub(super) fn user(text: &str) -> Result<UserIdentity, String> {
    expect_no_formula(text)?;
    if text.contains('@') {
        return Err(
            "is an e-mail address; what is meant is `google.user_identity` of the Marketplace's token, which is `sub` of \
             the user's Google ID token"
                .to_owned(),
        );
    }
    if is_rounded(text) {
        return Err(
            "is a number that a spreadsheet has rounded: have the column as text there".to_owned(),
        );
    }
    UserIdentity::parse(text).map_err(|error| error.to_string())
}

/// What is known of a user, as they would have typed it; none of an empty cell.
pub(super) fn detail(column: &str, text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    expect_no_formula(text)?;
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err("has a character that was damaged on its way".to_owned());
    }
    // As many as the registration form takes.
    let most = if column == "email" { 254 } else { 200 };
    let length = text.chars().count();
    if length > most {
        return Err(format!(
            "has {length} characters, and at most {most} are kept"
        ));
    }
    if column == "email" && !is_address(text) {
        return Err("is no e-mail address, such as name@company.com".to_owned());
    }
    Ok(Some(text.to_owned()))
}

/// What is stored goes into the application and into other files: it must not be a formula there.
fn expect_no_formula(text: &str) -> Result<(), String> {
    if text.starts_with(FORMULA) {
        return Err("begins as a formula does in a spreadsheet".to_owned());
    }
    Ok(())
}

/// Scientific notation, or a long number with the zeros that a spreadsheet puts in.
fn is_rounded(text: &str) -> bool {
    let is_number = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || b".,".contains(&b))
    };
    let scientific = text.split_once(['E', 'e']);
    if let Some((number, exponent)) = scientific
        && let Some(exponent) = exponent.strip_prefix('+')
    {
        return is_number(number) && is_number(exponent);
    }
    let added = text.len().saturating_sub(KEPT_DIGITS);
    added >= ZEROS && is_number(text) && text.bytes().rev().take(added).all(|b| b == b'0')
}

/// One address and nothing else. Whether it exists, nobody knows.
fn is_address(text: &str) -> bool {
    let is_plain = |part: &str| {
        let strange = |c: char| c.is_whitespace() || "@,;:<>()[]\"".contains(c);
        !part.is_empty() && !part.contains(strange)
    };
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        let mut labels = domain.split('.');
        is_plain(local)
            && is_plain(domain)
            && domain.contains('.')
            && labels.all(|label| !label.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_by_their_identity_and_not_by_an_address() {
        assert!(user("108437912365498732145").is_ok());
        assert!(user("ada@example.com").is_err());
        assert!(user("").is_err());
    }

    #[test]
    fn an_identity_that_a_spreadsheet_has_rounded_is_refused() {
        for rounded in ["1.08438E+20", "1,08438e+20", "108437912365498000000"] {
            let problem = user(rounded).err().unwrap();
            assert!(problem.contains("rounded"), "{rounded}: {problem}");
        }
        for whole in ["108437912365498732000", "Edith", "E-1", "100000"] {
            assert!(user(whole).is_ok(), "{whole}");
        }
    }

    #[test]
    fn an_e_mail_address_is_one_address_and_nothing_else() {
        for address in [
            "ada@example.com",
            "a.b+c@mail.example.co.uk",
            "ä@exämple.de",
        ] {
            let kept = detail("email", address);
            assert_eq!(kept, Ok(Some(address.to_owned())));
        }
        for other in [
            "ada",
            "ada@",
            "@example.com ",
            "ada@example",
            "ada@example..com",
            "ada@.example.com",
            "ada@example.com, bob@example.com",
            "Ada <ada@example.com>",
            "a b@example.com",
        ] {
            assert!(detail("email", other).is_err(), "{other}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+49 30", "-1", "@SUM(A1)", "＝1"] {
            for column in ["company", "name", "email"] {
                let problem = detail(column, formula).unwrap_err();
                assert!(problem.contains("formula"), "{formula}: {problem}");
            }
            assert!(account(formula).is_err() && user(formula).is_err());
        }
    }

    #[test]
    fn a_detail_is_as_long_as_the_form_takes() {
        assert!(detail("name", &"ä".repeat(200)).is_ok());
        assert!(detail("name", &"ä".repeat(201)).is_err());
        assert_eq!(detail("name", ""), Ok(None));
        assert!(detail("name", "Ad\u{fffd}").is_err());
    }
}
