//! What is asked of a store about usage.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId};

use crate::document::{REPORTS, USAGE};
use crate::query::{Query, Range};
use crate::reads::page;
use crate::record::StoredDocument;
use crate::store::decode_next;
use crate::usage::{after_all_windows, window};
use crate::{
    Document, Entitlement, Gate, Meter, Reading, ReportState, Shard, Store, StoreUnavailable,
    Stored, UsageRecord, UsageReport,
};

/// Everything that decides what becomes of some records of one entitlement.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// The entitlement.
    pub entitlement: Option<Stored<Entitlement>>,
    /// The gate that was asked for; none if the entitlement has no meter yet.
    pub gate: Option<Stored<Gate>>,
    /// What is stored under the keys, in their order.
    pub records: Vec<Option<Stored<UsageRecord>>>,
}

impl Store {
    /// What some records of one entitlement meet, in one round trip.
    pub async fn usage_ground(
        &self,
        (entitlement, shard): (&EntitlementId, Shard),
        keys: &[&str],
        deadline: Deadline,
    ) -> Result<Ground, StoreUnavailable> {
        let mut documents = vec![
            Document::entitlement(entitlement),
            Document::gate(entitlement, shard),
        ];
        documents.extend(keys.iter().map(|key| Document::usage(entitlement, key)));
        let mut found = self.fetch(&documents, deadline).await?.into_iter();
        Ok(Ground {
            entitlement: decode_next(&mut found)?,
            gate: decode_next(&mut found)?,
            records: found
                .map(|record| record.map(StoredDocument::decode).transpose())
                .collect::<Result<_, _>>()?,
        })
    }

    /// Some entitlements, in this order, in one round trip.
    pub async fn entitlements(
        &self,
        ids: &[EntitlementId],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<Entitlement>>>, StoreUnavailable> {
        let documents: Vec<_> = ids.iter().map(Document::entitlement).collect();
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.fetch(&documents, deadline).await?.into_iter();
        found
            .map(|entitlement| entitlement.map(StoredDocument::decode).transpose())
            .collect()
    }

    /// The meters of some entitlements, in their order.
    pub async fn meters(
        &self,
        entitlements: &[EntitlementId],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<Meter>>>, StoreUnavailable> {
        let documents: Vec<_> = entitlements.iter().map(Document::meter).collect();
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.fetch(&documents, deadline).await?.into_iter();
        found
            .map(|meter| meter.map(StoredDocument::decode).transpose())
            .collect()
    }

    /// The meter of an entitlement.
    pub async fn meter(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Meter>>, StoreUnavailable> {
        self.one(Document::meter(entitlement), deadline).await
    }

    /// An entitlement's meter and its gates, which were made with it.
    pub async fn meter_and_gates(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<(Stored<Meter>, Vec<Stored<Gate>>)>, StoreUnavailable> {
        let gates = Shard::all().map(|shard| Document::gate(entitlement, shard));
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

    /// How far the usage of an entitlement's closed span has been read.
    pub async fn reading(
        &self,
        entitlement: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Reading>>, StoreUnavailable> {
        self.one(Document::reading(entitlement), deadline).await
    }

    /// At most `limit` records of an entitlement from the window of one hour on and before that of
    /// another, if there is another; of these only those that follow the record of this hour and
    /// key. They are in the order of their hours.
    pub async fn usage_between(
        &self,
        entitlement: &EntitlementId,
        (from, before): (Timestamp, Option<Timestamp>),
        (after, limit): (Option<(Timestamp, &str)>, usize),
        deadline: Deadline,
    ) -> Result<Vec<UsageRecord>, StoreUnavailable> {
        let before = before.map_or_else(
            || after_all_windows(entitlement),
            |hour| window(entitlement, hour),
        );
        let query = Query {
            collection: USAGE,
            range: Some(Range {
                field: "window",
                from: window(entitlement, from),
                before,
                after: after.map(|(hour, key)| {
                    let document = Document::usage(entitlement, key);
                    (window(entitlement, hour), document.id)
                }),
            }),
            limit: Some(limit),
            ..Query::default()
        };
        let found = self.many(query, deadline).await?;
        Ok(found.into_iter().map(|stored| stored.record).collect())
    }

    /// Some rows of the ledger by the ids of their operations, in their order.
    pub async fn reports(
        &self,
        operations: &[String],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<UsageReport>>>, StoreUnavailable> {
        let documents: Vec<_> = operations.iter().map(|id| Document::report(id)).collect();
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.fetch(&documents, deadline).await?.into_iter();
        found
            .map(|report| report.map(StoredDocument::decode).transpose())
            .collect()
    }

    /// At most `limit` rows of the ledger in this state, in the order of their ids, from the one
    /// after `after` on.
    pub async fn reports_with_state(
        &self,
        state: ReportState,
        (after, limit): (Option<&str>, usize),
        deadline: Deadline,
    ) -> Result<Vec<Stored<UsageReport>>, StoreUnavailable> {
        let query = Query {
            equal: Some(("state", state.as_str().to_owned())),
            ..page(REPORTS, after, limit)
        };
        self.many(query, deadline).await
    }

    /// At most `limit` rows of the ledger, in the order of their ids, from the one after `after`
    /// on.
    pub async fn reports_after(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<UsageReport>>, StoreUnavailable> {
        self.many(page(REPORTS, after, limit), deadline).await
    }
}
