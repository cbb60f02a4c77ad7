//! Telephone numbers as address books write them.

mod digits;

use self::digits::check_digits;
use super::Problem;
use super::ascii::{digit, narrow};

/// What stands before an extension, in lower case: in English, French, Spanish, Italian, Portuguese, German, Dutch,
/// Polish, Russian, Japanese and Chinese.
const EXTENSIONS: [&str; 26] = [
    "extension",
    "extn",
    "ext",
    "x",
    "#",
    "poste",
    "interne",
    "int",
    "extensión",
    "anexo",
    "interno",
    "ramal",
    "durchwahl",
    "nebenstelle",
    "dw",
    "toestel",
    "wew",
    "wewn",
    "добавочный",
    "доб",
    "вн",
    "内線",
    "内线",
    "分机",
    "分機",
    "转",
];

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
    check_digits(number)?;
    Ok(format!("{number}{extension}"))
}

/// The sign of ASCII for each digit, dash, dot and slash.
fn plain(c: char) -> char {
    match digit(narrow(c)) {
        // Hyphens, figure dash, en and em dash, horizontal bar; minus, small and bullet hyphen; dashes of two and three
        // ems; a raised and a heavy minus; those of Armenian, Hebrew, Mongolian. Also what only looks like one: the
        // sign of long vowels on Japanese keyboards, wide and narrow, and lines of boxes.
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{2043}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{2d7}'
        | '\u{2796}'
        | '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{30fc}'
        | '\u{ff70}'
        | '\u{2500}'
        | '\u{2501}' => '-',
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
    let head = head.trim_end_matches([' ', '.', ':', '=']);
    let number = EXTENSIONS
        .iter()
        .find_map(|word| before_word(head, word))?
        .trim_end();
    let number = match in_brackets {
        Some(_) => number.strip_suffix('(')?.trim_end(),
        None => number.trim_end_matches([',', ';', ' ']),
    };
    Some((number, extension))
}

/// What stands before this word at the end of a text, in whichever case.
fn before_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let length = word.chars().count();
    let (start, _) = text.char_indices().rev().take(length).last()?;
    let (before, end) = text.split_at_checked(start)?;
    (end.to_lowercase() == word).then_some(before)
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

#[cfg(test)]
mod tests;
