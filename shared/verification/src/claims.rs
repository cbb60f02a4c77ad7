//! The claims that every token profile checks.
//!
//! `jsonwebtoken` checks `aud` and `iss` only where they are present, takes lists for both, and never
//! looks at `iat`. Here every claim is required, of one type, and compared exactly.

use jiff::Timestamp;

use crate::audiences::Audiences;
use crate::broken_rule::BrokenRule;
use crate::strict_json::{Json, NotAnObject, Object};
use crate::unverified::SignedPayload;

/// How far Google's clock and ours may be apart, in seconds. It is for clocks only: a token that says
/// it lives longer than its profile allows is refused all the same.
pub(crate) const CLOCK_SKEW: i64 = 30;

/// What a family of tokens has in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Profile {
    /// The exact values of `iss`.
    pub(crate) issuers: &'static [&'static str],
    /// The longest `exp − iat`, in seconds.
    pub(crate) lifetime: i64,
}

/// When a token was issued and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// The claims of a token whose signature is good and which are not checked yet.
#[derive(Debug)]
pub(crate) struct SignedClaims<'p>(Object<'p>);

impl SignedPayload {
    pub(crate) fn claims(&self) -> Result<SignedClaims<'_>, BrokenRule> {
        Object::parse(&self.json)
            .map(SignedClaims)
            .map_err(|error| match error {
                NotAnObject::Malformed => BrokenRule::PayloadNotObject,
                NotAnObject::MemberTwice => BrokenRule::ClaimTwice,
            })
    }
}

impl<'p> SignedClaims<'p> {
    /// Checks issuer, audience and times.
    pub(crate) fn check(
        &self,
        profile: &Profile,
        audiences: &Audiences,
        now: Timestamp,
    ) -> Result<Validity, BrokenRule> {
        if !self
            .text("iss")
            .is_some_and(|iss| profile.issuers.contains(&iss))
        {
            return Err(BrokenRule::Issuer);
        }
        if !self.text("aud").is_some_and(|aud| audiences.accept(aud)) {
            return Err(BrokenRule::Audience);
        }
        self.validity(profile, now.as_second())
    }

    /// `now` is cut to whole seconds, which changes nothing: all that it is compared with are such.
    fn validity(&self, profile: &Profile, now: i64) -> Result<Validity, BrokenRule> {
        let issued_at = self
            .time("iat", BrokenRule::IssuedAtInvalid)?
            .ok_or(BrokenRule::IssuedAtMissing)?;
        let expires_at = self
            .time("exp", BrokenRule::ExpiryInvalid)?
            .ok_or(BrokenRule::ExpiryMissing)?;
        let not_before = self.time("nbf", BrokenRule::NotBeforeInvalid)?;
        let (issued, expires) = (issued_at.as_second(), expires_at.as_second());
        if expires <= issued {
            return Err(BrokenRule::ExpiryNotAfterIssue);
        }
        if expires - issued > profile.lifetime {
            return Err(BrokenRule::LifetimeTooLong);
        }
        if issued > now.saturating_add(CLOCK_SKEW) {
            return Err(BrokenRule::IssuedInFuture);
        }
        if not_before.is_some_and(|time| time.as_second() > now.saturating_add(CLOCK_SKEW)) {
            return Err(BrokenRule::NotYetValid);
        }
        if now >= expires + CLOCK_SKEW {
            return Err(BrokenRule::Expired);
        }
        Ok(Validity {
            issued_at,
            expires_at,
        })
    }

    /// `sub`, non-empty and parsed into a type of safe alphabet.
    pub(crate) fn subject<T: TryFrom<String>>(&self) -> Result<T, BrokenRule> {
        let sub = self
            .text("sub")
            .filter(|sub| !sub.is_empty())
            .ok_or(BrokenRule::SubjectMissing)?;
        T::try_from(sub.to_owned()).map_err(|_| BrokenRule::SubjectInvalid)
    }

    pub(crate) fn claim(&self, name: &str) -> Option<&Json<'p>> {
        self.0.member(name)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.claim(name) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn time(&self, name: &str, rule: BrokenRule) -> Result<Option<Timestamp>, BrokenRule> {
        match self.claim(name) {
            None => Ok(None),
            Some(Json::Integer(seconds)) if *seconds >= 0 => {
                Timestamp::from_second(*seconds).map(Some).map_err(|_| rule)
            }
            Some(_) => Err(rule),
        }
    }
}
