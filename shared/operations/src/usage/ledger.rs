//! The ledger of usage operations, of all products: one that was taken out of `PRODUCTS` ends no usage.

use std::collections::{BTreeMap, BTreeSet};

use marketplace::EntitlementId;
use store::{Entitlement, ReportState, Store, StoreUnavailable, Stored, UsageReport};

use crate::clock::Clock;
use crate::error::OperationError;
use crate::operations::call_deadline;

/// Records read at once.
pub(super) const PAGE: usize = 300;

/// The operations about usage, which need the store and nothing of Google's.
pub struct UsageLedger {
    pub(super) store: Store,
    pub(super) clock: Clock,
    /// The entitlements that were looked for.
    known: BTreeMap<EntitlementId, KnownEntitlement>,
}

/// What the store has of the entitlement of a row.
#[derive(Debug, Clone)]
pub(super) enum KnownEntitlement {
    Stored(Box<Entitlement>),
    /// Nobody deletes one.
    NotStored,
    Unreadable,
}

/// A row with what its entitlement says now.
#[derive(Debug)]
pub(super) struct LedgerRow {
    pub(super) stored: Stored<UsageReport>,
    pub(super) entitlement: KnownEntitlement,
}

/// Some rows, and from where on there may be more.
pub(super) struct LedgerPage {
    pub(super) rows: Vec<LedgerRow>,
    /// How many rows of this page cannot be read, of whatever entitlement they are.
    pub(super) unreadable: usize,
    pub(super) next: Option<String>,
}

/// All rows of a state.
#[derive(Debug, Default)]
pub(super) struct LedgerRows {
    /// The oldest first.
    pub(super) rows: Vec<LedgerRow>,
    /// How many others cannot be read, of whatever entitlement they are.
    pub(super) unreadable: usize,
}

impl UsageLedger {
    /// Nothing is read yet.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            known: BTreeMap::new(),
        }
    }

    /// The rows of a state, of one entitlement if that is named, a page at a time. What cannot be read is passed over
    /// and counted.
    pub(super) async fn page(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
        after: Option<&str>,
    ) -> Result<LedgerPage, StoreUnavailable> {
        let store = &self.store;
        let page = store
            .walk_reports_with_state(state, after, PAGE, call_deadline())
            .await?;
        let mut rows = page.records;
        rows.retain(|row| of.is_none_or(|of| row.record.entitlement == *of));
        Ok(LedgerPage {
            rows: self.joined(rows).await?,
            unreadable: page.unreadable,
            next: page.next,
        })
    }

    /// All rows of a state that can be read.
    pub(super) async fn all(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
    ) -> Result<LedgerRows, StoreUnavailable> {
        let mut found = LedgerRows::default();
        let mut after = None;
        loop {
            let page = self.page(state, of, after.as_deref()).await?;
            found.rows.extend(page.rows);
            found.unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let rows = &mut found.rows;
        rows.sort_by(|a, b| a.age_and_place().cmp(&b.age_and_place()));
        Ok(found)
    }

    /// The rows of these operations, each of which must be there.
    pub(super) async fn named(
        &mut self,
        operations: &[String],
    ) -> Result<Vec<LedgerRow>, OperationError> {
        let mut found = Vec::new();
        for operations in operations.chunks(PAGE) {
            let rows = self.store.reports(operations, call_deadline()).await?;
            let missing = operations.iter().zip(&rows).find(|(_, row)| row.is_none());
            if let Some((id, _)) = missing {
                let problem = format!("there is no operation {id} in the ledger");
                return Err(OperationError::not_applicable(problem));
            }
            found.extend(self.joined(rows.into_iter().flatten().collect()).await?);
        }
        Ok(found)
    }

    /// An entitlement that was named, which must be there: a list of nothing would look as if all were well with it.
    pub(super) async fn entitlement(
        &self,
        id: &EntitlementId,
    ) -> Result<Entitlement, OperationError> {
        let found = self.store.entitlement(id, call_deadline()).await?;
        let missing =
            || OperationError::not_applicable(format!("there is no entitlement {id} in the store"));
        found.map(|it| it.record).ok_or_else(missing)
    }

    async fn joined(
        &mut self,
        rows: Vec<Stored<UsageReport>>,
    ) -> Result<Vec<LedgerRow>, StoreUnavailable> {
        let named: BTreeSet<_> = rows.iter().map(|row| &row.record.entitlement).collect();
        let new = named.into_iter().filter(|id| !self.known.contains_key(id));
        let new: Vec<_> = new.cloned().collect();
        let found = self.look_up(&new).await?;
        self.known.extend(new.into_iter().zip(found));
        let joined = rows.into_iter().map(|stored| {
            let known = self.known.get(&stored.record.entitlement);
            LedgerRow {
                entitlement: known.cloned().unwrap_or(KnownEntitlement::NotStored),
                stored,
            }
        });
        Ok(joined.collect())
    }

    /// These entitlements, in their order: one by one if one of them cannot be read.
    async fn look_up(
        &self,
        ids: &[EntitlementId],
    ) -> Result<Vec<KnownEntitlement>, StoreUnavailable> {
        match self.store.entitlements(ids, call_deadline()).await {
            Ok(found) => return Ok(found.into_iter().map(KnownEntitlement::of).collect()),
            Err(StoreUnavailable::Undecodable { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut known = Vec::new();
        for id in ids {
            known.push(match self.store.entitlement(id, call_deadline()).await {
                Ok(found) => KnownEntitlement::of(found),
                Err(StoreUnavailable::Undecodable { .. }) => KnownEntitlement::Unreadable,
                Err(error) => return Err(error),
            });
        }
        Ok(known)
    }
}

impl KnownEntitlement {
    fn of(found: Option<Stored<Entitlement>>) -> Self {
        found.map_or(Self::NotStored, |it| Self::Stored(Box::new(it.record)))
    }

    /// What is stored, if it can be read.
    pub(super) fn stored(&self) -> Option<&Entitlement> {
        match self {
            Self::Stored(entitlement) => Some(entitlement),
            Self::NotStored | Self::Unreadable => None,
        }
    }
}

impl LedgerRow {
    pub(super) fn report(&self) -> &UsageReport {
        &self.stored.record
    }

    /// The consumer to whom its entitlement is billed now.
    pub(super) fn current_consumer(&self) -> Option<&str> {
        let entitlement = self.entitlement.stored()?;
        entitlement.usage_reporting_id.as_deref()
    }

    fn age_and_place(&self) -> impl Ord {
        let row = self.report();
        (row.created, row.start, row.id.as_str())
    }
}
