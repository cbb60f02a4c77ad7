//! Which texts are identifiers.

use super::InvalidId;
use crate::pasted_text::{is_joiner, joiners_are_shown};
use crate::percent_encoding::is_unreserved;

/// The longest identifier accepted, in bytes.
///
/// Google's have 36 at most. Firestore allows 1,500 for a document id: links join two identifiers in one, and encoded
/// each byte may take three.
const LONGEST: usize = 128;

/// The longest name of a plan accepted, in bytes. Google documents none.
const LONGEST_PLAN: usize = 256;

/// An order, a product or a provider: a segment of a resource name.
///
/// Google documents `[^/]+` for it (discovery document of the Procurement API, parameter `name`), and for new APIs
/// nothing that an address would have to escape (AIP-122). Of what remains, characters with a meaning to a shell or in
/// a comma-separated list are not taken: an id may stand in a command that an operator pastes.
pub(super) fn segment(text: &str) -> Result<(), InvalidId> {
    check_segment(text, |byte| {
        is_unreserved(byte) || matches!(byte, b':' | b'@' | b'+')
    })
}

/// An account or a Google user: whom a customer is known by. Seen are UUIDs, `E-1234-5678-ABCD-EFGH` and digits; the
/// documents show nothing wider. An e-mail address is none, nor is an id with a custom method (`a:approve`).
pub(super) fn customer(text: &str) -> Result<(), InvalidId> {
    check_segment(text, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
    })
}

/// The name of a plan: "the identifier of the plan" is all that Google documents of it, so that it may be any text
/// that can be shown, with the joiners that shape words of Persian or of the scripts of India. It is sent back letter
/// by letter, and so never trimmed.
pub(super) fn plan(text: &str) -> Result<(), InvalidId> {
    if text.trim().is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.len() > LONGEST_PLAN {
        return Err(InvalidId::TooLong(LONGEST_PLAN));
    }
    let is_hidden = |c: char| is_not_shown(c) && !is_joiner(c);
    if text.contains(is_hidden) || !joiners_are_shown(text) {
        return Err(InvalidId::NotShown);
    }
    Ok(())
}

fn check_segment(text: &str, is_taken: fn(u8) -> bool) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.len() > LONGEST {
        return Err(InvalidId::TooLong(LONGEST));
    }
    if !text.bytes().all(is_taken) {
        return Err(InvalidId::Character);
    }
    if text == "." || text == ".." || text.starts_with("__") || text.ends_with("__") {
        return Err(InvalidId::Reserved);
    }
    Ok(())
}

/// Control characters, line and paragraph separators, format characters (Unicode's category Cf: directions, joiners,
/// byte order marks, tags), fillers that show nothing, private use and noncharacters.
fn is_not_shown(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || is_format(character)
        || matches!(
            character,
            '\u{115F}'
                | '\u{1160}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FFA0}'
                | '\u{E000}'..='\u{F8FF}'
                | '\u{FDD0}'..='\u{FDEF}'
                | '\u{F0000}'..='\u{10FFFF}'
        )
        || code & 0xFFFE == 0xFFFE
}

fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{600}'..='\u{605}'
            | '\u{61C}'
            | '\u{6DD}'
            | '\u{70F}'
            | '\u{890}'..='\u{891}'
            | '\u{8E2}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{110BD}'
            | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E007F}'
    )
}
