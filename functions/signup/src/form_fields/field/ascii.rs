//! Characters that stand for ASCII ones where only those have a meaning.

/// The ASCII character of a wide one, as keyboards for Chinese and Japanese type them; any other as it is.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Where the digits from 0 to 9 begin: Arabic, Persian, N'Ko, of the scripts of India from Devanagari to Sinhala,
/// Thai, Lao, Tibetan, Burmese, Khmer, Mongolian.
const ZEROS: [char; 19] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}',
    '\u{1040}', '\u{17e0}', '\u{1810}',
];

/// The ASCII digit of a digit of another script; any other character as it is.
pub(super) fn digit(c: char) -> char {
    let value = ZEROS
        .into_iter()
        .filter_map(|zero| u32::from(c).checked_sub(u32::from(zero)))
        .find(|value| *value < 10);
    value
        .and_then(|value| char::from_digit(value, 10))
        .unwrap_or(c)
}
