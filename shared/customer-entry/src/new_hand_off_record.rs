//! The record of a hand-off: what is stored of it, so that a token yields one.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use marketplace::EntitlementId;
use store::HandOffRecord;
use verification::VerifiedCustomer;

use crate::sessions::last_session_expires;

/// How long a hand-off can be used: the time of one redirect, not of a visit.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// Whether this user of this account was known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The link is made by this landing.
    FirstTime,
    /// There was a link.
    Before,
}

impl Seen {
    /// By the link that was stored when the customer came.
    pub fn by<T>(link: Option<&T>) -> Self {
        match link {
            Some(_) => Self::Before,
            None => Self::FirstTime,
        }
    }
}

/// The record of a new hand-off for this customer's token, with the order that was chosen.
///
/// It is kept at least as long as any session that the token may have started, at either function:
/// a form or a choice that is still open must not yield a second hand-off.
pub fn new_record(
    customer: &VerifiedCustomer,
    seen: Seen,
    order: Option<EntitlementId>,
    now: Timestamp,
) -> Result<HandOffRecord, getrandom::Error> {
    let mut jti = [0; 16];
    getrandom::fill(&mut jti)?;
    // Whole seconds, because the claims are.
    let issued = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let expires = issued.saturating_add(LIFETIME).unwrap_or(issued);
    Ok(HandOffRecord {
        token: customer.fingerprint(),
        jti: URL_SAFE_NO_PAD.encode(jti),
        issued,
        expires,
        order,
        new_user: seen == Seen::FirstTime,
        keep_until: last_session_expires(customer).max(expires),
    })
}
