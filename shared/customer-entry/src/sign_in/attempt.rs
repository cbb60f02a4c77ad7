//! One attempt at signing in: what goes to Google and must come back.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use oauth2::PkceCodeChallenge;
use store::SignIn;
use subtle::ConstantTimeEq as _;

use crate::landing_handle::LandingHandle;

/// A new attempt of this landing.
///
/// `state` has the landing's handle in front, so that the answer finds its cookie, and 128 random
/// bits that have nothing to do with the session's id: Google and the browser's history see them.
pub(super) fn new(handle: &LandingHandle) -> Result<SignIn, getrandom::Error> {
    let (_, verifier) = PkceCodeChallenge::new_random_sha256();
    Ok(SignIn {
        state: format!("{}.{}", handle.as_str(), random()?),
        nonce: random()?,
        verifier: verifier.into_secret(),
        passed: None,
    })
}

/// The landing that a `state` claims to be of.
pub(super) fn landing(unverified_state: &str) -> Option<LandingHandle> {
    let (handle, _) = unverified_state.split_once('.')?;
    LandingHandle::parse(handle)
}

/// Whether this `state` is the attempt's, compared in constant time.
pub(super) fn is_of(attempt: &SignIn, unverified_state: &str) -> bool {
    let (own, other) = (attempt.state.as_bytes(), unverified_state.as_bytes());
    own.ct_eq(other).into()
}

fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_leads_to_its_landing_and_is_of_one_attempt() {
        let handle = LandingHandle::random().unwrap();
        let (one, other) = (new(&handle).unwrap(), new(&handle).unwrap());
        assert_eq!(landing(&one.state), Some(handle));
        assert!(is_of(&one, &one.state));
        for foreign in [&other.state, "", &one.state[..one.state.len() - 1]] {
            assert!(!is_of(&one, foreign), "{foreign}");
        }
    }

    #[test]
    fn nothing_of_an_attempt_is_used_twice() {
        let handle = LandingHandle::random().unwrap();
        let (one, other) = (new(&handle).unwrap(), new(&handle).unwrap());
        assert_ne!(one.state, other.state);
        assert_ne!(one.nonce, other.nonce);
        assert_ne!(one.verifier, other.verifier);
        assert!(!one.state.contains(&one.nonce));
        // RFC 7636, section 4.1.
        assert!((43..=128).contains(&one.verifier.len()));
    }

    #[test]
    fn what_has_no_handle_in_front_is_of_no_landing() {
        for text in ["", ".", "AAAAAAAAAAA", "AAAAAAAAAA.A", ".AAAAAAAAAAA"] {
            assert_eq!(landing(text), None, "{text}");
        }
    }
}
