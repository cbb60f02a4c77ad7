//! How long keys may be used, from the headers they came with (RFC 9111).

use jiff::SignedDuration;
use reqwest::header::{AGE, CACHE_CONTROL, HeaderMap, HeaderName};

/// For what cannot or must not be cached: keys that were used for one request only would make every
/// request depend on Google's endpoint.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

/// The longest, with any headers: a key that Google withdraws is used no longer than this.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// `max-age` less `Age`, between a minute and six hours; a minute where the headers forbid caching or
/// are not understood.
pub(super) fn lifetime(headers: &HeaderMap) -> SignedDuration {
    remaining(headers).map_or(SHORTEST, |seconds| {
        SignedDuration::from_secs(seconds).clamp(SHORTEST, LONGEST)
    })
}

fn remaining(headers: &HeaderMap) -> Option<i64> {
    let mut max_age = None;
    for directive in directives(&joined(headers, &CACHE_CONTROL)?)? {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name, Some(unquoted(value))),
            None => (directive.as_str(), None),
        };
        match name.to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return None,
            // Two answers to one question are no answer (RFC 9111, 4.2.1).
            "max-age" if max_age.is_some() => return None,
            "max-age" => max_age = Some(seconds(value?)?),
            _ => {}
        }
    }
    let age = if headers.contains_key(AGE) {
        seconds(&joined(headers, &AGE)?)?
    } else {
        0
    };
    max_age.map(|max_age| max_age.saturating_sub(age))
}

/// All values of a header as one list (RFC 9110, 5.3).
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Result<Vec<&str>, _> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str())
        .collect();
    values.ok().map(|values| values.join(","))
}

/// Splits at commas outside of quotes; `None` if a quote is left open.
fn directives(list: &str) -> Option<Vec<String>> {
    let mut directives = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for character in list.chars() {
        match character {
            ',' if !quoted => {
                directives.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = quoted && character == '\\' && !escaped;
        if let Some(directive) = directives.last_mut() {
            directive.push(character);
        }
    }
    (!quoted).then(|| {
        directives
            .iter()
            .map(|directive| directive.trim().to_owned())
            .collect()
    })
}

/// Both forms of an argument are to be accepted (RFC 9111, 5.2).
fn unquoted(value: &str) -> &str {
    value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value)
}

/// Whole seconds; more than fit count as many (RFC 9111, 1.2.2).
fn seconds(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(i64::from(i32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_give_a_lifetime_between_a_minute_and_six_hours() {
        for (cache_control, age, expected) in [
            // As Google was seen to send them.
            (
                &["public, max-age=18821, must-revalidate, no-transform"][..],
                None,
                18_821,
            ),
            (
                &["public, max-age=18821, must-revalidate, no-transform"],
                Some("821"),
                18_000,
            ),
            (&["max-age=600"], Some("0"), 600),
            (&["public", "max-age=600"], None, 600),
            (&["MAX-AGE=600"], None, 600),
            (&["max-age=\"600\""], None, 600),
            (&["private=\"a, no-store, b\", max-age=600"], None, 600),
            (&["private=\"a\\\", no-store\", max-age=600"], None, 600),
            (&["s-maxage=5, max-age=600"], None, 600),
            (&["community=\"x\", ,max-age=600,"], None, 600),
            // Out of bounds.
            (&["max-age=0"], None, 60),
            (&["max-age=59"], None, 60),
            (&["max-age=600"], Some("541"), 60),
            (&["max-age=600"], Some("9999999"), 60),
            (&["max-age=21601"], None, 21_600),
            (&["max-age=99999999999999999999999999"], None, 21_600),
            (&["max-age=600"], Some("99999999999999999999999999"), 60),
            // Forbidden, absent or not understood.
            (&[], None, 60),
            (&[""], None, 60),
            (&["public"], None, 60),
            (&["no-store, max-age=600"], None, 60),
            (&["max-age=600, no-cache"], None, 60),
            (&["max-age=600", "no-cache=\"set-cookie\""], None, 60),
            (&["max-age"], None, 60),
            (&["max-age="], None, 60),
            (&["max-age=-1"], None, 60),
            (&["max-age=600.5"], None, 60),
            (&["max-age=+600"], None, 60),
            (&["max-age=6 00"], None, 60),
            (&["max-age=\"600"], None, 60),
            (&["max-age=600, max-age=700"], None, 60),
            (&["max-age=600;private"], None, 60),
            (&["max-age=600"], Some("soon"), 60),
            (&["max-age=600"], Some("1, 2"), 60),
        ] {
            let mut headers = HeaderMap::new();
            for value in cache_control {
                headers.append(CACHE_CONTROL, value.parse().unwrap());
            }
            if let Some(age) = age {
                headers.insert(AGE, age.parse().unwrap());
            }
            assert_eq!(
                lifetime(&headers).as_secs(),
                expected,
                "{cache_control:?} {age:?}"
            );
        }
    }

    #[test]
    fn headers_that_are_not_text_give_the_shortest_lifetime() {
        let mut headers = HeaderMap::new();
        headers.append(CACHE_CONTROL, "max-age=600".parse().unwrap());
        headers.append(
            CACHE_CONTROL,
            reqwest::header::HeaderValue::from_bytes(b"\xff").unwrap(),
        );
        assert_eq!(lifetime(&headers), SHORTEST);
    }
}
