//! Text that people pasted: what of it can be seen.
//!
//! Address books, documents and web pages bring characters along that nobody sees: marks of direction, zero-width
//! spaces, byte order marks, no-break spaces. They make a right telephone number wrong, a forged name look like
//! another one, and a line of a terminal read backwards. So a text is cleaned where it comes in, before it is
//! checked, and where it is shown, since an earlier version may have stored it.
//!
//! Two characters that show nothing themselves stay where they belong: the zero-width joiner and non-joiner inside
//! a word of a script that they shape, as Persian and the scripts of India do. Everywhere else they go, from
//! emoji too: those fall apart into their parts, which can still be read.

mod kind;

use self::kind::{Kind, has_joiners};
pub(crate) use self::kind::{is_joiner, is_variation_selector};

/// The joiner that makes the letter before it a chillu, also at the end of a word.
const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// Malayalam's virama. Many keyboards write a chillu as consonant, virama and joiner.
const MALAYALAM_VIRAMA: char = '\u{d4d}';

/// One line, as in a field of a form: every kind of space and line break is one space, none stands at an end, and
/// what cannot be seen is gone. Nothing else changes, and what shows nothing at all is empty.
pub fn line(text: &str) -> String {
    let seen = cleaned(text, |c| c.is_whitespace().then_some(' '));
    let words = seen.split(' ').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Lines of prose: as [`line()`], but line breaks and runs of spaces stay.
pub fn lines(text: &str) -> String {
    let seen = cleaned(text, |c| match c {
        '\n' => Some('\n'),
        '\r' => None,
        c => c.is_whitespace().then_some(' '),
    });
    seen.trim().to_owned()
}

/// Anything for a terminal: what cannot be seen is gone, and a control character, which could steer the terminal,
/// is shown as U+FFFD. Line breaks and runs of spaces stay.
pub fn for_terminal(text: &str) -> String {
    cleaned(text, |c| Some(if c == '\n' { c } else { '\u{fffd}' }))
}

/// Whether a character shows nothing by itself: formats, fillers, joiners wherever they stand, what is no character.
/// Neither a space nor a control character is meant.
pub(crate) fn is_invisible(c: char) -> bool {
    // The first question is for speed: most texts in a log are ASCII.
    !c.is_ascii() && matches!(Kind::of(c), Kind::Invisible | Kind::Joiner)
}

/// Whether each zero-width joiner and non-joiner in a text stands inside a word that it shapes.
pub(crate) fn joiners_are_shown(text: &str) -> bool {
    let joiners = |text: &str| text.chars().filter(|c| is_joiner(*c)).count();
    let all = joiners(text);
    all == 0 || all == joiners(&line(text))
}

fn cleaned(text: &str, control: impl Fn(char) -> Option<char>) -> String {
    let mut cleaned = Cleaned::default();
    for c in text.chars() {
        match Kind::of(c) {
            Kind::Invisible => {}
            Kind::Joiner => cleaned.join(c),
            Kind::Letter => cleaned.letter(c),
            Kind::Mark => cleaned.mark(c),
            Kind::Space => cleaned.other(' '),
            Kind::Other => cleaned.other(c),
            Kind::Control => {
                if let Some(c) = control(c) {
                    cleaned.other(c);
                }
            }
        }
    }
    cleaned.text
}

/// What was read so far.
#[derive(Default)]
struct Cleaned {
    text: String,
    /// The last letter, if only marks and joiners stand behind it.
    letter: Option<char>,
    /// The last character, if it is a letter or a mark.
    last: Option<char>,
    /// A joiner that stays if a letter or a mark comes next.
    joiner: Option<char>,
}

impl Cleaned {
    fn join(&mut self, joiner: char) {
        if !self.letter.is_some_and(has_joiners) {
            return;
        }
        if joiner == ZERO_WIDTH_JOINER && self.last == Some(MALAYALAM_VIRAMA) {
            self.text.push(joiner);
            self.last = None;
            self.joiner = None;
        } else if self.last.is_some() && self.joiner.is_none() {
            self.joiner = Some(joiner);
        }
    }

    fn letter(&mut self, c: char) {
        let joiner = self.joiner.take().filter(|_| has_joiners(c));
        self.text.extend(joiner);
        self.text.push(c);
        self.letter = Some(c);
        self.last = Some(c);
    }

    fn mark(&mut self, c: char) {
        self.text.extend(self.joiner.take());
        self.text.push(c);
        self.last = Some(c);
    }

    fn other(&mut self, c: char) {
        self.text.push(c);
        self.letter = None;
        self.last = None;
        self.joiner = None;
    }
}

#[cfg(test)]
mod tests;
