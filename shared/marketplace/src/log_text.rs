//! Text from outside, as it may stand in a log.

use std::borrow::Cow;

use crate::pasted_text::is_invisible;

/// What stands for what is not shown.
const HIDDEN: &str = "…";

/// The longest word that is shown, in bytes. Nothing that helps an operator is longer.
const LONGEST_WORD: usize = 80;

/// How access tokens, client secrets and API keys of Google's begin, and every JWT.
const BEGINNINGS: [&str; 5] = ["ya29.", "GOCSPX-", "AIza", "eyJ", "eyA"];

/// The beginning of a text, on one line, without what looks like an e-mail address or a token, and without what cannot
/// be seen: marks of direction would make a terminal show the rest of a line backwards.
///
/// Event types, paths, user agents and Google's error texts are somebody else's words: they may quote anything. Which
/// words look like what is a guess on the safe side. Ids of ours and of Google's (UUIDs, operations, projects) are shown.
pub fn log_text(text: &str, longest: usize) -> String {
    let mut shown = Shown {
        text: String::new(),
        room: longest,
    };
    // Before it is judged: an address is one whatever stands in it unseen.
    let text = visible(text);
    let mut rest: &str = &text;
    let mut is_credential = false;
    while shown.room > 0 && !rest.is_empty() {
        let (word, after) =
            rest.split_at(rest.find(|c: char| !is_of_word(c)).unwrap_or(rest.len()));
        if !word.is_empty() {
            let is_hidden = is_credential || looks_secret(word);
            shown.push(if is_hidden { HIDDEN } else { word });
            is_credential = word.eq_ignore_ascii_case("bearer");
        }
        let next_word = after.find(is_of_word).unwrap_or(after.len());
        let (between, after) = after.split_at(next_word);
        shown.push(between);
        rest = after;
    }
    shown.text
}

fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(is_invisible) {
        Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

struct Shown {
    text: String,
    /// How many characters more there may be.
    room: usize,
}

impl Shown {
    fn push(&mut self, text: &str) {
        for c in text.chars().take(self.room) {
            self.text.push(if ends_line(c) { ' ' } else { c });
            self.room = self.room.saturating_sub(1);
        }
    }
}

/// Control characters, and Unicode's separators of lines and paragraphs.
fn ends_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Letters, digits, and what stands within addresses and tokens. A slash does not, so that the parts of a path are
/// looked at one by one.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || "._-+~%@'!#$*^|".contains(c)
}

fn looks_secret(word: &str) -> bool {
    let bare = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() > LONGEST_WORD
        || is_address(word)
        || BEGINNINGS
            .iter()
            .any(|beginning| bare.starts_with(beginning))
        || has_three_long_parts(word)
        || word
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .any(is_random)
}

/// Something, `@` as it is or as it stands in a path, something.
fn is_address(word: &str) -> bool {
    if word.contains("%40") {
        return has_domain(&word.replace("%40", "@"));
    }
    has_domain(word)
}

fn has_domain(word: &str) -> bool {
    let named = 1 + usize::from(word.starts_with('@'));
    let mut domains = word.split('@').skip(named);
    domains.any(|domain| domain.starts_with(char::is_alphanumeric))
}

/// Header, payload and signature, whatever they begin with.
fn has_three_long_parts(word: &str) -> bool {
    let mut parts = word.split('.').map(str::len);
    let first_four = [parts.next(), parts.next(), parts.next(), parts.next()];
    matches!(first_four, [Some(16..), Some(16..), Some(_), None])
}

/// Whether a run of letters, digits and underscores has the length and the mixture of base64, or of a hash. A UUID's
/// parts, a trace and a constant's name have not.
fn is_random(run: &str) -> bool {
    let has = |is: fn(&u8) -> bool| u8::from(run.as_bytes().iter().any(is));
    let kinds = has(u8::is_ascii_lowercase) + has(u8::is_ascii_uppercase) + has(u8::is_ascii_digit);
    match kinds {
        3 => run.len() >= 28,
        2 => run.len() >= 40,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(log_text(text, 200), expected);
    }

    #[test]
    fn what_helps_an_operator_is_shown() {
        for text in [
            "",
            "/v1/providers/example/entitlements/7a1c9e52-08d4-4b6f-a3e1-5f60718293a4:approve",
            "CREATE_ENTITLEMENT-7a1c9e52-08d4-4b6f-a3e1-5f60718293a4",
            "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0",
            "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
            "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist).",
            "cloudcommerceprocurement.googleapis.com: 0af7651916cd43dd8448eb211c80319c",
            "error sending request: client error (Connect): tcp connect error: Connection refused",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn addresses_are_not_shown() {
        check("to ada@example.com.", "to …");
        check("<ada.lovelace+a@example.co.uk>", "<…>");
        check(
            "projects/-/serviceAccounts/a@b.iam.gserviceaccount.com",
            "projects/-/serviceAccounts/…",
        );
        check("/customers/ada%40example.com/a", "/customers/…/a");
        check("müller@exämple.de, ok", "…, ok");
        check("@ada@example.com", HIDDEN);
        check("@decorated and a @ b", "@decorated and a @ b");
    }

    #[test]
    fn tokens_are_not_shown() {
        check("Bearer abc", "Bearer …");
        check(
            "authorization: bearer  abc def",
            "authorization: bearer  … def",
        );
        check("/a/eyJhbGciOiJSUzI1NiJ9.e30.c2ln/b", "/a/…/b");
        check("?token=ya29.a0&b=c", "?token=…&b=c");
        check("abcdefghijklmnopqrst.abcdefghijklmnopqrst.c2ln", "…");
        check("secret 'GOCSPX-a', \"ya29.a\"", "secret …, \"…\"");
        let hash = "0123456789abcdef".repeat(4);
        check(&format!("hash {hash}!"), "hash …");
    }

    #[test]
    fn what_cannot_be_seen_is_gone() {
        check("a\u{202e}b\u{2066}c\u{200f}d\u{feff}e\u{ad}f", "abcdef");
        check("\u{202d}", "");
        // And hides nothing.
        check("to ada\u{200b}@exam\u{ad}ple.com", "to …");
        check("ya\u{2060}29.a0", "…");
        check("Bea\u{200d}rer abc", "Bearer …");
    }

    #[test]
    fn a_text_is_one_line_and_bounded() {
        check("a\u{2028}b\u{2029}c", "a b c");
        check("a\r\nb\tc\u{0}\u{85}d", "a  b c  d");
        assert_eq!(log_text(&"a ".repeat(1_000), 5), "a a a");
        assert_eq!(log_text("ääää", 2), "ää");
        check(&"e".repeat(81), HIDDEN);
        // It is judged whole, not by the part for which there is room.
        assert_eq!(log_text("a ada@example.com", 3), "a …");
    }

    proptest! {
        #[test]
        fn no_text_is_longer_than_allowed_or_more_than_a_line(text in any::<String>(), longest in 0_usize..300) {
            let shown = log_text(&text, longest);
            prop_assert!(shown.chars().count() <= longest);
            prop_assert!(!shown.contains(ends_line));
            prop_assert!(!shown.contains(is_invisible));
        }

        #[test]
        fn no_address_is_shown(
            before in "[ -~]{0,40}[ /<\"]",
            name in "[a-z0-9._+-]{1,20}",
            domain in "[a-z0-9]{1,20}(\\.[a-z]{2,5}){1,2}",
            after in "([ />\",][ -~]{0,40})?",
        ) {
            let shown = log_text(&format!("{before}{name}@{domain}{after}"), 500);
            let address = format!("{name}@{domain}");
            prop_assert!(!shown.contains(&address), "{}", shown);
        }

        #[test]
        fn no_token_is_shown(
            before in "[ -~]{0,40}[ /=\"]",
            header in "[A-Za-z0-9_-]{16,60}",
            payload in "[A-Za-z0-9_-]{16,200}",
            signature in "[A-Za-z0-9_-]{0,200}",
            after in "([ /&\",][ -~]{0,40})?",
        ) {
            let shown = log_text(&format!("{before}{header}.{payload}.{signature}{after}"), 1_000);
            prop_assert!(!shown.contains(&payload), "{}", shown);
        }

        #[test]
        fn no_long_base64_is_shown(bytes in proptest::collection::vec(any::<u8>(), 60..200)) {
            let base64: String = bytes
                .iter()
                .map(|byte| char::from(b"ABCXYZabcxyz0123456789_-"[usize::from(byte % 24)]))
                .collect();
            let shown = log_text(&format!("/path/{base64}?a"), 1_000);
            prop_assert!(!shown.contains(&base64) || base64.len() <= LONGEST_WORD, "{}", shown);
        }
    }
}
