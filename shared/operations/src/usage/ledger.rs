//! The ledger of usage operations, of all products: one that was taken out of `PRODUCTS` ends no usage.

use std::collections::{BTreeMap, BTreeSet};

use marketplace::EntitlementId;
use store::{Entitlement, ReportState, Store, StoreUnavailable, Stored, UsageReport};

use crate::error::OperationError;
use crate::operations::call_deadline;

/// Records read at once.
pub(super) const PAGE: usize = 300;

/// The operations about usage, which need the store and nothing of Google's.
pub struct UsageLedger {
    pub(super) store: Store,
    /// The entitlements that were read; none where it is not stored.
    known: BTreeMap<EntitlementId, Option<Entitlement>>,
}

/// A row with what its entitlement says now.
#[derive(Debug)]
pub(super) struct LedgerRow {
    pub(super) stored: Stored<UsageReport>,
    /// None if it is not stored: nobody deletes one.
    pub(super) entitlement: Option<Entitlement>,
}

/// Some rows, and from where on there may be more.
pub(super) struct LedgerPage {
    pub(super) rows: Vec<LedgerRow>,
    pub(super) next: Option<String>,
}

impl UsageLedger {
    /// Nothing is read yet.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: BTreeMap::new(),
        }
    }

    /// The rows of a state, of one entitlement if that is named, a page at a time.
    pub(super) async fn page(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
        after: Option<&str>,
    ) -> Result<LedgerPage, StoreUnavailable> {
        let store = &self.store;
        let mut rows = store
            .reports_with_state(state, after, PAGE, call_deadline())
            .await?;
        let last = rows.last().map(|last| last.record.id.clone());
        let next = last.filter(|_| rows.len() == PAGE);
        rows.retain(|row| of.is_none_or(|of| row.record.entitlement == *of));
        let rows = self.joined(rows).await?;
        Ok(LedgerPage { rows, next })
    }

    /// All rows of a state, the oldest first.
    pub(super) async fn all(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
    ) -> Result<Vec<LedgerRow>, StoreUnavailable> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.page(state, of, after.as_deref()).await?;
            found.extend(page.rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        found.sort_by(|a, b| a.age_and_place().cmp(&b.age_and_place()));
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
        let found = self.store.entitlements(&new, call_deadline()).await?;
        let found = found.into_iter().map(|it| it.map(|it| it.record));
        self.known.extend(new.into_iter().zip(found));
        let joined = rows.into_iter().map(|stored| LedgerRow {
            entitlement: self
                .known
                .get(&stored.record.entitlement)
                .cloned()
                .flatten(),
            stored,
        });
        Ok(joined.collect())
    }
}

impl LedgerRow {
    pub(super) fn report(&self) -> &UsageReport {
        &self.stored.record
    }

    /// The consumer to whom its entitlement is billed now.
    pub(super) fn current_consumer(&self) -> Option<&str> {
        let entitlement = self.entitlement.as_ref()?;
        entitlement.usage_reporting_id.as_deref()
    }

    fn age_and_place(&self) -> impl Ord {
        let row = self.report();
        (row.created, row.start, row.id.as_str())
    }
}
