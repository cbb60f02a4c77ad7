//! The identity token in a request's head: where it stands and what form it has. Nothing in it is believed.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::CallerError;

/// The longest identity token, in bytes. Google's have about 1,000.
const MAX_TOKEN: usize = 8 * 1024;

/// The token of the only `Authorization`, if it has the form of one.
pub(crate) fn unverified_token(headers: &HeaderMap) -> Result<&str, CallerError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(CallerError::NoToken);
    };
    let token = value.to_str().ok().and_then(bearer);
    let token = token.ok_or(CallerError::NoToken)?;
    if is_compact(token) {
        Ok(token)
    } else {
        Err(CallerError::Malformed)
    }
}

/// The scheme is written in any case (RFC 9110, section 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Header, payload and signature in base64url without padding (RFC 7515, 7.1).
fn is_compact(token: &str) -> bool {
    let mut parts = 0;
    token.len() <= MAX_TOKEN
        && token.split('.').all(|part| {
            parts += 1;
            is_base64url(part)
        })
        && parts == 3
}

fn is_base64url(part: &str) -> bool {
    // Four characters are three bytes: one is left over by no encoding.
    !part.is_empty()
        && part.len() % 4 != 1
        && part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token_of(values: &[&str]) -> Result<String, CallerError> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().unwrap());
        }
        unverified_token(&headers).map(ToOwned::to_owned)
    }

    #[test]
    fn the_scheme_is_written_in_any_case() {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let token = token_of(&[&format!("{scheme} aa.bb_-.cc")]);
            assert_eq!(token.unwrap(), "aa.bb_-.cc");
        }
    }

    #[test]
    fn what_is_not_the_one_bearer_of_a_request_is_no_token() {
        for values in [
            &["Basic aa.bb.cc"][..],
            &["Bearer"],
            &["aa.bb.cc"],
            &["Bearer aa.bb.cc", "Bearer aa.bb.cc"],
            &[],
        ] {
            let refused = token_of(values);
            assert!(matches!(refused, Err(CallerError::NoToken)), "{values:?}");
        }
    }

    #[test]
    fn a_token_of_another_form_is_refused() {
        let long = format!("aa.{}.cc", "a".repeat(MAX_TOKEN));
        for token in [
            "",
            "aa",
            "aa.bb",
            "aa.bb.cc.dd",
            "aa..cc",
            ".bb.cc",
            "aa.bb.",
            "aa.bb.c",
            "aa.bb.cc==",
            "aa.b+.cc",
            "aa.b/.cc",
            " aa.bb.cc",
            "aa.bb.cc, Bearer aa.bb.cc",
            long.as_str(),
        ] {
            let refused = token_of(&[&format!("Bearer {token}")]);
            assert!(matches!(refused, Err(CallerError::Malformed)), "{token:?}");
        }
    }
}
