//! How far the usage of an entitlement has been closed.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId};
use metering::{Metric, UserLabels};

use crate::documents::collections::METERS;
use crate::documents::fields::{Fields, Reader};
use crate::documents::record::{Decode, Encode, StoredDocument};
use crate::store::decode_next;
use crate::{Document, Shard, Store, StoreUnavailable, Stored, WindowGate};

/// The meter of an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Whose usage.
    pub entitlement: EntitlementId,
    /// Whose entitlement.
    pub account: ProcurementAccountId,
    /// Everything before this is closed.
    pub open: Timestamp,
    /// When the entitlement ended, once its last window is closed.
    pub ended: Option<Timestamp>,
    /// What is closed and whose operations are not all written yet.
    pub closing: Option<Closing>,
    /// Since when Google says that the customer cannot be billed; none if it does not.
    pub stopped: Option<Timestamp>,
    /// When this record was last changed.
    pub updated: Timestamp,
}

/// A span that was closed, with everything that its operations depend on beside its records: they
/// must be the same whenever, and by which request, they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
    /// Whether its operations have labels.
    pub labels: UserLabels,
    /// The metrics that are reported although nothing was used of them.
    pub zero: Vec<Metric>,
}

impl Document {
    /// How far the usage of an entitlement has been closed.
    pub fn meter(entitlement: &EntitlementId) -> Self {
        Self::new(METERS, entitlement.as_str())
    }
}

impl Store {
    /// The meter of an entitlement.
    pub async fn meter(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Meter>>, StoreUnavailable> {
        self.one(Document::meter(entitlement), deadline).await
    }

    /// The meters of some entitlements, in their order.
    pub async fn meters(
        &self,
        entitlements: &[EntitlementId],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<Meter>>>, StoreUnavailable> {
        let documents = entitlements.iter().map(Document::meter).collect();
        self.each(documents, deadline).await
    }

    /// An entitlement's meter and its gates, which were made with it.
    pub async fn meter_and_gates(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<(Stored<Meter>, Vec<Stored<WindowGate>>)>, StoreUnavailable> {
        let gates = Shard::all().map(|shard| Document::window_gate(entitlement, shard));
        let documents: Vec<_> = [Document::meter(entitlement)]
            .into_iter()
            .chain(gates)
            .collect();
        let mut found = self.fetch(&documents, deadline).await?.into_iter();
        let Some(meter) = decode_next(&mut found)? else {
            return Ok(None);
        };
        let gates = found.flatten().map(StoredDocument::decode);
        Ok(Some((meter, gates.collect::<Result<_, _>>()?)))
    }
}

impl Encode for Meter {
    fn document(&self) -> Document {
        Document::meter(&self.entitlement)
    }

    fn fields(&self) -> Fields {
        let closing = self.closing.as_ref().map(|closing| {
            let zero: Vec<_> = closing.zero.iter().map(ToString::to_string).collect();
            Fields::new()
                .with("from", closing.from)
                .with("until", closing.until)
                .with("labels", closing.labels == UserLabels::Reported)
                .with("zero", zero.iter().map(String::as_str).collect::<Vec<_>>())
                .to_map()
        });
        Fields::new()
            .with("account", &self.account)
            .with("open", self.open)
            .with("ended", self.ended)
            .with("closing", closing)
            .with("stopped", self.stopped)
            .with("updated", self.updated)
    }
}

impl Decode for Meter {
    const COLLECTION: &'static str = METERS;

    fn decode(id: &str, reader: Reader<'_>) -> Result<Self, StoreUnavailable> {
        let closing = reader.nested("closing")?;
        Ok(Self {
            entitlement: EntitlementId::parse(id).map_err(|_| reader.wrong("id"))?,
            account: reader.required("account")?,
            open: reader.required("open")?,
            ended: reader.optional("ended")?,
            closing: closing.map(closing_of).transpose()?,
            stopped: reader.optional("stopped")?,
            updated: reader.required("updated")?,
        })
    }
}

fn closing_of(reader: Reader<'_>) -> Result<Closing, StoreUnavailable> {
    let zero: Vec<String> = reader.required("zero")?;
    let zero: Option<_> = zero.iter().map(|text| Metric::parse(text)).collect();
    Ok(Closing {
        from: reader.required("from")?,
        until: reader.required("until")?,
        labels: if reader.required("labels")? {
            UserLabels::Reported
        } else {
            UserLabels::LeftOut
        },
        zero: zero.ok_or_else(|| reader.wrong("zero"))?,
    })
}
