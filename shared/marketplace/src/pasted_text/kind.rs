//! What a character does in a text, by its properties in Unicode.

use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, Script, VariationSelector,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// What shows nothing although its properties do not say so: U+FFFC (where a picture was), and the blanks of
/// Braille, of musical notation, of the Khitan small script and of hieroglyphs.
const BLANKS: [char; 6] = [
    '\u{fffc}',
    '\u{2800}',
    '\u{1d159}',
    '\u{16fe4}',
    '\u{13441}',
    '\u{13442}',
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letter,
    /// It stands on the letter before it.
    Mark,
    /// Zero-width joiner or non-joiner.
    Joiner,
    /// A space or line separator of any width.
    Space,
    Control,
    /// It shows nothing, or only directs what stands beside it.
    Invisible,
    Other,
}

impl Kind {
    pub(super) fn of(c: char) -> Self {
        if is_joiner(c) {
            return Self::Joiner;
        }
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        if ignorable.contains(c) || BLANKS.contains(&c) || is_noncharacter(c) {
            return Self::Invisible;
        }
        match CodePointMapData::<GeneralCategory>::new().get(c) {
            GeneralCategory::Format => Self::Invisible,
            GeneralCategory::Control => Self::Control,
            GeneralCategory::SpaceSeparator
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => Self::Space,
            GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
            | GeneralCategory::EnclosingMark => Self::Mark,
            GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// The zero-width non-joiner and joiner.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a character only says in which form the one before it is shown: an emoji in colour, a Han character as a
/// name has it.
pub(crate) fn is_variation_selector(c: char) -> bool {
    CodePointSetData::new::<VariationSelector>().contains(c)
}

/// Whether a joiner beside this letter changes what is seen: in cursive scripts, and in those that write a consonant
/// cluster as one. Beside other letters it would only be hidden.
pub(super) fn has_joiners(letter: char) -> bool {
    matches!(
        CodePointMapData::<Script>::new().get(letter),
        Script::Adlam
            | Script::Arabic
            | Script::Balinese
            | Script::Bengali
            | Script::Devanagari
            | Script::Grantha
            | Script::Gujarati
            | Script::Gurmukhi
            | Script::HanifiRohingya
            | Script::Javanese
            | Script::Kannada
            | Script::Khmer
            | Script::Malayalam
            | Script::Mongolian
            | Script::Myanmar
            | Script::Newa
            | Script::Nko
            | Script::Oriya
            | Script::Sinhala
            | Script::Syriac
            | Script::Tamil
            | Script::Telugu
            | Script::Tibetan
            | Script::Tirhuta
    )
}

/// A code point that Unicode keeps free of characters for good.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}
