//! Telephone numbers as address books write them.

use super::Problem;
use super::ascii::{digit, narrow};

/// Fewer digits are no number.
const FEWEST_DIGITS: usize = 5;

/// What stands before an extension, in lower case; of two that end alike, the longer first.
const EXTENSIONS: [&str; 7] = ["extension", "durchwahl", "extn", "ext", "dw", "x", "#"];

/// More digits are no extension.
const LONGEST_EXTENSION: usize = 8;

/// The number in ASCII, with its extension as ` ext. 12`. Its grouping stays as it was written.
pub(super) fn number(typed: &str) -> Result<String, Problem> {
    let plain: String = typed.chars().map(plain).collect();
    let plain = without_scheme(&plain);
    let (number, extension) = match extension(plain) {
        Some((number, extension)) => (number, format!(" ext. {extension}")),
        None => (plain, String::new()),
    };
    if let Some(c) = number.chars().find(|c| !is_part_of_a_number(*c)) {
        return Err(strange(c));
    }
    match number.chars().filter(char::is_ascii_digit).count() {
        digits if digits < FEWEST_DIGITS => Err(too_few(digits)),
        _ => Ok(format!("{number}{extension}")),
    }
}

/// The sign of ASCII for each digit, dash, dot and slash.
fn plain(c: char) -> char {
    match digit(narrow(c)) {
        // Hyphens, figure dash, en and em dash, horizontal bar; minus, small and bullet hyphen.
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{2043}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{30fb}' => {
            '.'
        }
        '\u{2044}' | '\u{2215}' => '/',
        c => c,
    }
}

/// A link to a number is the number.
fn without_scheme(text: &str) -> &str {
    match text.split_at_checked(4) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("tel:") => rest.trim_start(),
        _ => text,
    }
}

/// A number and its extension: `… ext. 12`, `…x12`, `… #12`, `…;ext=12`, `… Durchwahl 12`, `… (ext. 12)`.
fn extension(text: &str) -> Option<(&str, &str)> {
    let in_brackets = text.strip_suffix(')');
    let text = in_brackets.unwrap_or(text);
    let head = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let extension = text.strip_prefix(head)?;
    if !(1..=LONGEST_EXTENSION).contains(&extension.len()) {
        return None;
    }
    let head = head
        .trim_end_matches([' ', '.', ':', '='])
        .to_ascii_lowercase();
    let before = EXTENSIONS
        .iter()
        .find_map(|word| head.strip_suffix(*word))?;
    // Lower case of ASCII has the same length.
    let number = text.get(..before.len())?.trim_end();
    let number = match in_brackets {
        Some(_) => number.strip_suffix('(')?.trim_end(),
        None => number.trim_end_matches([',', ';', ' ']),
    };
    Some((number, extension))
}

fn is_part_of_a_number(c: char) -> bool {
    c.is_ascii_digit() || "+-/(). ".contains(c)
}

fn strange(c: char) -> Problem {
    let what = if c.is_alphabetic() { "the letter " } else { "" };
    format!(
        "This has {what}“{c}”. Please enter one phone number in digits, such as +1 650 555 0100; an extension stands \
         at its end, such as +1 650 555 0100 ext. 12."
    )
    .into()
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

#[cfg(test)]
mod tests;
