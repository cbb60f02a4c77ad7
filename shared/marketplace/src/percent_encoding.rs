//! Percent-encoding: any text as one segment of an address.

use std::borrow::Cow;

/// Encodes everything but the unreserved characters of RFC 3986, section 2.3: no value can end itself, or begin
/// another part of an address. What consists of unreserved characters stays as it is.
pub(crate) fn percent_encoded(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_unreserved) {
        return Cow::Borrowed(text);
    }
    let encoded = text.bytes().map(|byte| {
        if is_unreserved(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    Cow::Owned(encoded.collect())
}

/// The text that was encoded; none if a percent sign stands before something else than two hexadecimal digits, or the
/// bytes are no UTF-8.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, sign) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        let digits = sign
            .get(1..3)
            // What comes next would also read a plus sign.
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = sign.get(3..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_broken_encoding_is_not_decoded() {
        for text in ["%", "a%2", "%zz", "%+1", "%ff", "%€"] {
            assert_eq!(percent_decoded(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_decoded(text in any::<String>()) {
            let encoded = percent_encoded(&text);
            prop_assert!(encoded.bytes().all(|byte| is_unreserved(byte) || byte == b'%'));
            prop_assert_eq!(percent_decoded(&encoded), Some(text.clone()));
        }

        #[test]
        fn unreserved_characters_stay_as_they_are(text in "[A-Za-z0-9._~-]{0,40}") {
            prop_assert_eq!(percent_encoded(&text).into_owned(), text);
        }
    }
}
