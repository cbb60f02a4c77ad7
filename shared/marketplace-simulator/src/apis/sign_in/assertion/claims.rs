//! A signed assertion: parsed, and its signature and time checked.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::sign_in::SignInRefused;
use crate::tokens;

/// The longest time between `iat` and `exp`, in seconds.
const MAX_LIFETIME: i64 = 60 * 60;
/// How far ahead the program's clock may be, in seconds.
const MAX_AHEAD: i64 = 5 * 60;

/// An assertion that can be read, whoever signed it.
pub(super) struct Assertion<'a> {
    pub(super) claims: Claims,
    signing_input: &'a str,
    signature: Vec<u8>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    /// E-mail of the service account.
    pub(super) iss: String,
    pub(super) aud: String,
    iat: i64,
    exp: i64,
    scope: Option<String>,
    target_audience: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

impl<'a> Assertion<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, SignInRefused> {
        Self::read(text).ok_or_else(|| SignInRefused::invalid_grant("Bad Request"))
    }

    fn read(text: &'a str) -> Option<Self> {
        let (signing_input, signature) = text.rsplit_once('.')?;
        let (header, claims) = signing_input.split_once('.')?;
        let header: Header = decoded(header)?;
        Some(Self {
            claims: decoded(claims).filter(|_| header.alg == "RS256")?,
            signing_input,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// Every service account file has the same key.
    pub(super) fn verify(&self) -> Result<(), SignInRefused> {
        let key = tokens::service_account().public_key();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
            .verify(self.signing_input.as_bytes(), &self.signature)
            .map_err(|_| SignInRefused::invalid_grant("Invalid JWT Signature."))
    }
}

impl Claims {
    pub(super) fn check_time(&self, now: Timestamp) -> Result<(), SignInRefused> {
        let now = now.as_second();
        let lifetime = self.exp.saturating_sub(self.iat);
        if (0..=MAX_LIFETIME).contains(&lifetime) && self.iat <= now + MAX_AHEAD && self.exp >= now
        {
            return Ok(());
        }
        let text = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable \
                    timeframe. Check your iat and exp values in the JWT claim.";
        Err(SignInRefused::invalid_grant(text))
    }

    /// Whom an identity token is wanted for, if one is.
    pub(super) fn target_audience(&self) -> Option<&str> {
        let audience = self.target_audience.as_deref();
        audience.filter(|audience| !audience.is_empty())
    }

    pub(super) fn has_scope(&self) -> bool {
        let scope = self.scope.as_deref();
        scope.is_some_and(|scope| !scope.trim().is_empty())
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&json).ok()
}
