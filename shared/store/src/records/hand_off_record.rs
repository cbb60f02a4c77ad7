//! The one hand-off that a Marketplace token was used for.

use jiff::Timestamp;
use marketplace::{At, EntitlementId, TokenFingerprint};

use crate::documents::collections::REPLAYS;
use crate::documents::record::stored_record;
use crate::{Document, Store, StoreUnavailable, Stored};

/// The one hand-off that a Marketplace token was used for, so that a repeat gets the same.
///
/// It is stored as long as the token could still be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOffRecord {
    /// The Marketplace's token.
    pub token: TokenFingerprint,
    /// `jti` of the hand-off.
    pub jti: String,
    /// `iat` of the hand-off.
    pub issued: Timestamp,
    /// `exp` of the hand-off.
    pub expires: Timestamp,
    /// The order that was chosen.
    pub order: Option<EntitlementId>,
    /// Whether the user was seen for the first time.
    pub new_user: bool,
    /// Until when a repeat must be recognised: the token's `exp` and twice the accepted skew.
    pub keep_until: Timestamp,
}

impl Document {
    /// The hand-off that a token was used for.
    pub fn replay(token: TokenFingerprint) -> Self {
        Self::new(REPLAYS, token.to_string())
    }
}

impl Store {
    /// The hand-off a token was used for, as long as that matters.
    pub async fn replay(
        &self,
        token: TokenFingerprint,
        at: At,
    ) -> Result<Option<Stored<HandOffRecord>>, StoreUnavailable> {
        let found = self.one(Document::replay(token), at.deadline).await?;
        Ok(unexpired(found, at.now))
    }
}

pub(crate) fn unexpired(
    found: Option<Stored<HandOffRecord>>,
    now: Timestamp,
) -> Option<Stored<HandOffRecord>> {
    found.filter(|replay| now < replay.record.keep_until)
}

stored_record! {
    HandOffRecord, in REPLAYS, at |hand_off| Document::replay(hand_off.token);
    id: token;
    fields: jti, issued, expires, order, new_user, keep_until as "expire_at";
}
