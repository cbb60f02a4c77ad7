//! Tokens whose times are moved from one clock to another.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::signing_key::SigningKey;

/// The claims that are times, RFC 7519, sections 4.1.4 to 4.1.6.
const TIMES: [&str; 3] = ["exp", "nbf", "iat"];

/// The token with its times so many seconds later, signed again by its own key; none if no key of these
/// has signed it. A time that is not there, or no whole number, stays as it is.
pub(crate) fn moved(token: &str, keys: [&'static SigningKey; 2], seconds: i64) -> Option<String> {
    let (unverified_input, _) = token.rsplit_once('.')?;
    // RSASSA-PKCS1-v1_5 gives a text one signature only, so to sign it again is to verify it.
    let is_signed_by = |key: &&SigningKey| key.sign_input(unverified_input) == token;
    let key = keys.into_iter().find(is_signed_by)?;
    let (header, payload) = unverified_input.split_once('.')?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let mut claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    for name in TIMES {
        if let Some(claim) = claims.get_mut(name)
            && let Some(time) = claim.as_i64()
        {
            *claim = time.saturating_add(seconds).into();
        }
    }
    let payload = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    Some(key.sign_input(&format!("{header}.{payload}")))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::super::{IdentityClaims, foreign, google_identity};
    use super::*;

    fn keys() -> [&'static SigningKey; 2] {
        let keys = google_identity();
        [&keys[1], &keys[0]]
    }

    fn claims(token: &str) -> Value {
        let payload = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    }

    #[test]
    fn only_the_times_that_are_there_are_moved() {
        for key in keys() {
            let token = IdentityClaims::valid_at(Timestamp::UNIX_EPOCH).signed_by(key);
            let moved = moved(&token, keys(), 60).unwrap();
            assert_eq!(moved.split('.').next(), token.split('.').next());
            let mut expected = claims(&token);
            expected["iat"] = json!(60);
            expected["exp"] = json!(3_660);
            assert_eq!(claims(&moved), expected);
            let back = super::moved(&moved, keys(), -60).unwrap();
            assert_eq!(claims(&back), claims(&token));
        }
        let odd = json!({"nbf": 100, "iat": "soon", "exp": 1.5}).to_string();
        let token = keys()[0].sign(&keys()[0].header(), &odd);
        let moved = moved(&token, keys(), -40).unwrap();
        let expected = json!({"nbf": 60, "iat": "soon", "exp": 1.5});
        assert_eq!(claims(&moved), expected);
    }

    #[test]
    fn what_these_keys_have_not_signed_is_not_moved() {
        let good = IdentityClaims::valid_at(Timestamp::UNIX_EPOCH);
        let key = keys()[0];
        let token = good.signed_by(key);
        let (input, signature) = token.rsplit_once('.').unwrap();
        let no_claims = key.sign(&key.header(), "[]");
        for bad in [
            String::new(),
            "..".to_owned(),
            input.to_owned(),
            format!("{input}."),
            format!("{input}x.{signature}"),
            format!("{token}A"),
            good.signed_by(foreign()),
            key.sign_as_hmac(&key.header(), &good.json()),
            SigningKey::unsigned(&key.header(), &good.json()),
            no_claims,
        ] {
            assert_eq!(moved(&bad, keys(), 60), None, "{bad}");
        }
    }
}
