//! The form of a token, before anything in it is believed.
//!
//! Only the header's `kid` is used of what is read here, and only to look a key up.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::signature::Verifier;
use marketplace::TokenFingerprint;

use crate::broken_rule::BrokenRule;
use crate::signature::VerifyingKey;
use crate::strict_json::{Json, NotAnObject, Object};

/// The longest token that is looked at, in bytes. Real ones have about 900; one with 256 orders, the most that are
/// taken, has about 14,300.
const MAX_TOKEN: usize = 16 * 1024;

/// The longest encoded header, in bytes. Real ones have about 100.
const MAX_HEADER: usize = 1024;

/// The longest key id. Google's have 40 characters.
const MAX_KEY_ID: usize = 128;

/// Header parameters that are refused wherever they occur, each with the rule that it breaks. Others
/// that are not understood are ignored, as RFC 7515, 4 demands.
const REFUSED_PARAMETERS: [(&str, BrokenRule); 8] = [
    ("crit", BrokenRule::CriticalHeader),
    ("b64", BrokenRule::UnencodedPayload),
    ("jwk", BrokenRule::KeyInHeader),
    ("jku", BrokenRule::KeyInHeader),
    ("x5u", BrokenRule::KeyInHeader),
    ("x5c", BrokenRule::KeyInHeader),
    ("zip", BrokenRule::Compressed),
    ("cty", BrokenRule::NestedToken),
];

/// A token of good form, about which nothing else is known.
#[derive(Debug)]
pub(crate) struct UnverifiedToken<'t> {
    signing_input: &'t str,
    signature: Vec<u8>,
    unverified_payload: Vec<u8>,
    unverified_key_id: String,
}

/// The payload of a token whose signature is good.
#[derive(Debug)]
pub(crate) struct SignedPayload {
    pub(crate) json: Vec<u8>,
    pub(crate) fingerprint: TokenFingerprint,
}

impl<'t> UnverifiedToken<'t> {
    /// Checks the form of a compact JWS and of its header.
    pub(crate) fn parse(token: &'t str) -> Result<Self, BrokenRule> {
        if token.len() > MAX_TOKEN {
            return Err(BrokenRule::TooLong);
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(BrokenRule::NotThreeParts)?;
        let (header, payload) = signing_input
            .split_once('.')
            .ok_or(BrokenRule::NotThreeParts)?;
        if payload.contains('.') {
            return Err(BrokenRule::NotThreeParts);
        }
        if header.len() > MAX_HEADER {
            return Err(BrokenRule::HeaderTooLong);
        }
        let header = decode(header).ok_or(BrokenRule::HeaderEncoding)?;
        let unverified_payload = decode(payload).ok_or(BrokenRule::PayloadEncoding)?;
        let signature = decode(signature)
            .filter(|signature| !signature.is_empty())
            .ok_or(BrokenRule::SignatureEncoding)?;
        Ok(Self {
            signing_input,
            signature,
            unverified_payload,
            unverified_key_id: key_id(&header)?,
        })
    }

    /// Which key is said to have signed.
    pub(crate) fn key_id(&self) -> &str {
        &self.unverified_key_id
    }

    /// Checks the signature, after which the payload is what the key's owner wrote.
    pub(crate) fn verify(self, key: &VerifyingKey) -> Result<SignedPayload, BrokenRule> {
        let message = self.signing_input.as_bytes();
        key.verify(message, &self.signature)
            .map_err(|_| BrokenRule::Signature)?;
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest(&SHA256, message).as_ref());
        Ok(SignedPayload {
            json: self.unverified_payload,
            fingerprint: TokenFingerprint::new(sha256),
        })
    }
}

fn key_id(header: &[u8]) -> Result<String, BrokenRule> {
    let header = Object::parse(header).map_err(|error| match error {
        NotAnObject::Malformed => BrokenRule::HeaderNotObject,
        NotAnObject::MemberTwice => BrokenRule::HeaderMemberTwice,
    })?;
    for (parameter, rule) in REFUSED_PARAMETERS {
        if header.member(parameter).is_some() {
            return Err(rule);
        }
    }
    match header.member("typ") {
        None => {}
        // Media types are compared without regard to case (RFC 7515, 4.1.9).
        Some(Json::Text(typ)) if typ.eq_ignore_ascii_case("JWT") => {}
        Some(_) => return Err(BrokenRule::TokenType),
    }
    match header.member("alg") {
        Some(Json::Text(alg)) if alg == "RS256" => {}
        _ => return Err(BrokenRule::Algorithm),
    }
    match header.member("kid") {
        Some(Json::Text(kid)) if is_key_id(kid) => Ok(kid.clone().into_owned()),
        Some(Json::Text(_)) => Err(BrokenRule::KeyIdInvalid),
        _ => Err(BrokenRule::KeyIdMissing),
    }
}

fn is_key_id(text: &str) -> bool {
    (1..=MAX_KEY_ID).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// This engine refuses padding, other alphabets, white space and stray trailing bits.
fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}
