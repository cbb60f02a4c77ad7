//! Which texts are identifiers.

use super::InvalidId;
use crate::pasted_text::{self, is_invisible, is_joiner, is_variation_selector, joiners_are_shown};
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
/// that can be shown, with the joiners that shape words of Persian or of the scripts of India, and with selectors of
/// the form in which a character is shown. It is sent back letter by letter, and so never trimmed.
pub(super) fn plan(text: &str) -> Result<(), InvalidId> {
    if text.trim().is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.len() > LONGEST_PLAN {
        return Err(InvalidId::TooLong(LONGEST_PLAN));
    }
    let is_hidden = |c: char| is_not_shown(c) && !is_joiner(c);
    let shows_nothing = pasted_text::line(text).is_empty();
    if text.contains(is_hidden) || shows_nothing || !joiners_are_shown(text) {
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

/// Control characters, line and paragraph separators, private use, and what shows nothing by the table that pasted
/// texts are cleaned by: format characters (directions, byte order marks, tags), fillers, what is no character. Variation
/// selectors are taken, since names of plans may have emoji; `PlanId::shown` leaves them out.
fn is_not_shown(c: char) -> bool {
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || is_private
        || (is_invisible(c) && !is_variation_selector(c))
}
