//! How many digits a number has, and whether they are one number.

use super::Problem;

/// Fewer digits are no number.
const FEWEST_DIGITS: usize = 5;

/// More digits are no number: a country's code and what is dialled behind it (ITU-T E.164, 6.2.1).
const MOST_DIGITS: usize = 15;

/// With fewer digits, what stands beside a slash is an area's code or an extension.
const WHOLE_NUMBER: usize = 7;

/// The same where it begins with a country's code, as in `0049 6221 / 1234567`, which is one number.
const WHOLE_NUMBER_WITH_COUNTRY: usize = 10;

/// A zero that is dialled within the country alone, as in `+49 (0) 30 901820`.
const TRUNK_ZERO: &str = "(0)";

/// What is said of several numbers in one field.
const TWO_NUMBERS: &str =
    "This has more than one phone number. Please enter one, such as +1 650 555 0100.";

/// Whether the digits may be those of one number.
pub(super) fn check_digits(number: &str) -> Result<(), Problem> {
    if has_second_number(number) {
        return Err(TWO_NUMBERS.into());
    }
    match (digits(number), counted_digits(number)) {
        (digits, _) if digits < FEWEST_DIGITS => Err(too_few(digits)),
        (_, digits) if digits > MOST_DIGITS => Err(too_many(digits)),
        _ => Ok(()),
    }
}

/// Whether a country's code begins behind other digits, as in `+1 650 555 0100 / +1 650 555 0101`, or a number stands on
/// both sides of a slash, as in `650 555 0100 / 555 0101`.
fn has_second_number(number: &str) -> bool {
    let from_first_digit = number.trim_start_matches(|c: char| !c.is_ascii_digit());
    let sides: Vec<bool> = number.split('/').map(is_whole_number).collect();
    from_first_digit.contains('+')
        || sides
            .windows(2)
            .any(|pair| pair.iter().all(|is_whole| *is_whole))
}

fn is_whole_number(side: &str) -> bool {
    let side = side.replace(TRUNK_ZERO, "");
    let dialled = side.trim_start_matches([' ', '(']);
    let has_country = dialled.starts_with('+') || dialled.starts_with("00");
    let fewest = if has_country {
        WHOLE_NUMBER_WITH_COUNTRY
    } else {
        WHOLE_NUMBER
    };
    digits(dialled) >= fewest
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// The digits that E.164 counts: neither zeros at the beginning nor one in brackets, which are only dialled.
fn counted_digits(number: &str) -> usize {
    let number = number.replace(TRUNK_ZERO, "");
    digits(number.trim_start_matches(|c: char| !matches!(c, '1'..='9')))
}

fn too_few(digits: usize) -> Problem {
    let digits = match digits {
        0 => "no digits".to_owned(),
        1 => "one digit".to_owned(),
        digits => format!("{digits} digits"),
    };
    format!(
        "This has {digits}, and a phone number has at least {FEWEST_DIGITS}. Please enter one such as +1 650 555 0100."
    )
    .into()
}

fn too_many(digits: usize) -> Problem {
    format!(
        "This has {digits} digits, and a phone number has at most {MOST_DIGITS}. Please enter one phone number, such as \
         +1 650 555 0100; an extension stands at its end, such as +1 650 555 0100 ext. 12."
    )
    .into()
}
