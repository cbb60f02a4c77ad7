//! The one hand-off that a Marketplace token was used for.

use jiff::Timestamp;
use marketplace::{At, EntitlementId, TokenFingerprint};

use crate::documents::collections::REPLAYS;
use crate::documents::fields::{Fields, Reader};
use crate::documents::record::{Decode, Encode};
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

impl Encode for HandOffRecord {
    fn document(&self) -> Document {
        Document::replay(self.token)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("jti", self.jti.as_str())
            .with("issued", self.issued)
            .with("expires", self.expires)
            .with("order", self.order.as_ref())
            .with("new_user", self.new_user)
            .with("expire_at", self.keep_until)
    }
}

impl Decode for HandOffRecord {
    const COLLECTION: &'static str = REPLAYS;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        Ok(Self {
            token: TokenFingerprint::parse(id).map_err(|_| reader.wrong("id"))?,
            jti: reader.required("jti")?,
            issued: reader.required("issued")?,
            expires: reader.required("expires")?,
            order: reader.optional("order")?,
            new_user: reader.required("new_user")?,
            keep_until: reader.required("expire_at")?,
        })
    }
}
