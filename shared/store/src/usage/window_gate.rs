//! The gates that keep new usage out of windows that are closed.

use std::fmt;

use jiff::Timestamp;
use marketplace::EntitlementId;

use crate::documents::collections::GATES;
use crate::documents::document_id::FromDocumentId as _;
use crate::documents::fields::{Fields, Reader};
use crate::documents::record::{Decode, Encode};
use crate::{Document, StoreUnavailable, UsageGap};

/// One of an entitlement's gates. Usage is stored by a commit that demands one of them unchanged;
/// closing a window changes them all in one commit. So no record can join a window after it was
/// closed.
///
/// There are several because one document takes about one commit a second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowGate {
    /// Whose usage.
    pub entitlement: EntitlementId,
    /// Which of its gates.
    pub shard: Shard,
    /// Everything before this is closed.
    pub open: Timestamp,
    /// When the entitlement ended, once its last window is closed.
    pub ended: Option<Timestamp>,
    /// The time in which it had ended, if it is in force again.
    pub gap: Option<UsageGap>,
}

/// The number of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard(u8);

impl Shard {
    /// How many gates an entitlement has. It must not shrink: closing changes those that it knows.
    pub const COUNT: u8 = 16;

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// The gate for a commit, by any number that is spread evenly, such as a byte of a hash.
    pub fn of(number: u8) -> Self {
        Self(number % Self::COUNT)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl Document {
    /// One of an entitlement's gates. The number stands first, so that the gates of one entitlement
    /// do not lie side by side.
    pub fn window_gate(entitlement: &EntitlementId, shard: Shard) -> Self {
        Self::new(GATES, format!("{shard}:{}", entitlement.percent_encoded()))
    }
}

impl Encode for WindowGate {
    fn document(&self) -> Document {
        Document::window_gate(&self.entitlement, self.shard)
    }

    fn fields(&self) -> Fields {
        Fields::new()
            .with("open", &self.open)
            .with("ended", &self.ended)
            .with("gap", &self.gap)
    }
}

impl Decode for WindowGate {
    const COLLECTION: &'static str = GATES;

    fn decode(reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        let id: String = reader.id()?;
        let parts = id.split_once(':').and_then(|(shard, entitlement)| {
            let entitlement = EntitlementId::from_document_id(entitlement)?;
            Some((shard.parse().ok()?, entitlement))
        });
        let (shard, entitlement) = parts.ok_or_else(|| reader.wrong("id"))?;
        Ok(Self {
            entitlement,
            shard: Shard(shard),
            open: reader.read("open")?,
            ended: reader.read("ended")?,
            gap: reader.read("gap")?,
        })
    }
}
