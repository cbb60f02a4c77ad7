//! What of a pasted text stays.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

#[track_caller]
fn unchanged(text: &str) {
    assert_eq!(line(text), text, "{}", text.escape_unicode());
}

#[test]
fn every_space_and_line_break_is_a_space() {
    for space in [
        '\u{a0}', '\u{1680}', '\u{2000}', '\u{2007}', '\u{2009}', '\u{202f}', '\u{205f}',
        '\u{3000}', '\u{2028}', '\u{2029}', '\t', '\n', '\u{b}', '\u{c}', '\r', '\u{85}',
    ] {
        let text = format!("{space}+49{space}{space}30 {space} 9{space}");
        assert_eq!(line(&text), "+49 30 9", "{}", space.escape_unicode());
    }
}

#[test]
fn what_shows_nothing_is_gone() {
    let invisible = [
        // Marks of direction: they isolate, embed, override.
        '\u{200e}',
        '\u{200f}',
        '\u{61c}',
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        // Of no width: space, word joiner, byte order mark, soft hyphen, grapheme joiner, operators.
        '\u{200b}',
        '\u{2060}',
        '\u{feff}',
        '\u{ad}',
        '\u{34f}',
        '\u{2061}',
        '\u{2064}',
        '\u{206a}',
        // Blanks that pass for letters or signs.
        '\u{3164}',
        '\u{115f}',
        '\u{1160}',
        '\u{ffa0}',
        '\u{17b4}',
        '\u{2800}',
        '\u{fffc}',
        '\u{180e}',
        '\u{16fe4}',
        '\u{1d159}',
        '\u{13441}',
        // Hidden text: variation selectors and tags; annotations.
        '\u{fe00}',
        '\u{fe0f}',
        '\u{e0100}',
        '\u{e01ef}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{fff9}',
        // What is no character, and what is none yet and would show nothing.
        '\u{ffff}',
        '\u{fdd0}',
        '\u{10ffff}',
        '\u{2065}',
        '\u{e0fff}',
        // Controls.
        '\0',
        '\u{7}',
        '\u{8}',
        '\u{1b}',
        '\u{7f}',
        '\u{9b}',
    ];
    for c in invisible {
        let shown = c.escape_unicode();
        assert_eq!(line(&format!("{c}Exam{c}ple{c}")), "Example", "{shown}");
        assert_eq!(line(&format!("{c} {c}")), "", "{shown}");
    }
    assert_eq!(line(&invisible.iter().collect::<String>()), "");
}

#[test]
fn what_is_seen_stays_as_it_is() {
    for text in [
        "",
        "Example & Söhne",
        "Cafe\u{301} Zoe\u{308}",
        "株式会社エグザンプル",
        "주식회사",
        "\u{1112}\u{1161}\u{11ab}",
        "شركة المثال",
        "חברה",
        "O’Neill – “AI” … №1 ™",
        "🚀 Labs",
        "\u{f8ff}",
    ] {
        unchanged(text);
    }
}

#[test]
fn joiners_stay_inside_the_words_that_they_shape() {
    for name in [
        // Persian: a non-joiner before a suffix.
        "می\u{200c}خواهم",
        "خانه\u{200c}ای",
        // Hindi, Nepali: half forms, and clusters that are not joined.
        "क्\u{200d}ष",
        "राष्\u{200c}ट्र",
        // Sinhala: after the virama, and before it.
        "ශ්\u{200d}රී",
        "ක\u{200d}්ෂ",
        // Bengali: a joiner before the virama.
        "র\u{200d}্যাব",
        // Kannada, Telugu, Malayalam.
        "ರಾಜ್\u{200c}ಕುಮಾರ್",
        "సాఫ్ట్\u{200c}వేర్",
        "അവന്\u{200d} പറഞ്ഞു",
    ] {
        unchanged(name);
    }
}

#[test]
fn other_joiners_go() {
    for (text, expected) in [
        ("Goo\u{200d}gle", "Google"),
        ("При\u{200c}мер", "Пример"),
        ("木\u{200d}村", "木村"),
        ("+49\u{200d}30", "+4930"),
        ("\u{200d}می", "می"),
        ("می\u{200c}", "می"),
        ("می\u{200c} خواهم", "می خواهم"),
        ("می\u{200c}Example", "میExample"),
        ("می\u{200c}\u{200c}\u{200d}خواهم", "می\u{200c}خواهم"),
        ("می\u{200b}\u{200c}\u{feff}خواهم", "می\u{200c}خواهم"),
        ("ന്\u{200c}\u{200d}\u{200d}", "ന്\u{200d}"),
    ] {
        assert_eq!(line(text), expected, "{}", text.escape_unicode());
    }
}

#[test]
fn emoji_fall_apart_into_what_can_be_read() {
    assert_eq!(line("👩\u{200d}💻 Labs"), "👩💻 Labs");
    assert_eq!(line("I ❤\u{fe0f} NY"), "I ❤ NY");
    assert_eq!(line("🏴\u{e0067}\u{e0062}\u{e007f}"), "🏴");
}

#[test]
fn prose_keeps_its_lines() {
    assert_eq!(
        lines(" Soon\r\n  you\tsee.\u{7}\u{202e}\n"),
        "Soon\n  you see."
    );
}

#[test]
fn controls_are_shown_at_a_terminal_and_the_invisible_is_not() {
    assert_eq!(
        for_terminal("a\u{1b}[2Jb\u{9b}\r\n  \u{202e}c\u{a0}\u{3164}d"),
        "a\u{fffd}[2Jb\u{fffd}\u{fffd}\n  c d"
    );
}

#[test]
fn a_long_run_of_joiners_is_read_once() {
    let text = format!("م{} ", "\u{200c}".repeat(100_000));
    assert_eq!(line(&text), "م");
}

/// Characters that matter here, more often than chance would bring them, and any other.
fn pasted() -> impl Strategy<Value = String> {
    let chosen = "aZ1 -@.\u{a0}\t\n\r\u{7}\u{200b}\u{200c}\u{200c}\u{200d}\u{200d}\u{202e}\u{2066}\u{feff}\u{fe0f}\
                  \u{3164}\u{2800}\u{d28}\u{d4d}\u{d4d}\u{915}\u{94d}\u{937}\u{645}\u{6cc}\u{64b}\u{301}木👩";
    let chosen: Vec<char> = chosen.chars().collect();
    let character = prop_oneof![3 => select(chosen), 1 => any::<char>()];
    prop::collection::vec(character, 0..40).prop_map(|text| text.into_iter().collect())
}

/// Whether each joiner in a text follows a letter or mark of a script that has joiners.
fn joiners_are_inside_words(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    text.iter().enumerate().all(|(at, c)| {
        let mut before = text[..at].iter().rev();
        let follows = |c: &char| matches!(Kind::of(*c), Kind::Letter | Kind::Mark);
        Kind::of(*c) != Kind::Joiner
            || (before.clone().next().is_some_and(follows)
                && before
                    .find(|c| Kind::of(**c) == Kind::Letter)
                    .is_some_and(|c| has_joiners(*c)))
    })
}

proptest! {
    #[test]
    fn a_clean_text_is_clean_and_stays_so(text in pasted()) {
        for clean in [line, lines, for_terminal] {
            let cleaned = clean(&text);
            prop_assert_eq!(&clean(&cleaned), &cleaned);
            prop_assert!(cleaned.chars().count() <= text.chars().count());
            let hidden = [Kind::Invisible, Kind::Control, Kind::Space];
            let seen = |c: char| matches!(c, '\n' | ' ') || !hidden.contains(&Kind::of(c));
            prop_assert!(cleaned.chars().all(seen));
            prop_assert!(joiners_are_inside_words(&cleaned));
        }
    }

    #[test]
    fn a_line_is_one_trimmed_line_and_no_longer_than_before(text in pasted()) {
        let cleaned = line(&text);
        prop_assert!(cleaned.len() <= text.len());
        prop_assert_eq!(cleaned.trim(), &cleaned);
        prop_assert!(!cleaned.contains(['\n', '\r', '\t']) && !cleaned.contains("  "));
    }
}
