//! The ledger, as far as it is about the configured products.

use std::collections::{BTreeMap, BTreeSet};

use marketplace::{EntitlementId, Products};
use store::{Entitlement, ReportState, Store, StoreUnavailable, Stored, UsageReport};

use crate::config::UsageConfig;
use crate::desk::soon;
use crate::failure::Failure;

/// Records read at once.
pub(super) const PAGE: usize = 300;

pub(super) struct Ledger {
    pub(super) store: Store,
    pub(super) products: Products,
    /// The entitlements that were met; none where it is not stored.
    known: BTreeMap<EntitlementId, Option<Entitlement>>,
}

/// A row with what its entitlement says now.
pub(super) struct Row {
    pub(super) stored: Stored<UsageReport>,
    /// None if it is not stored: nobody deletes one.
    pub(super) entitlement: Option<Entitlement>,
}

/// Some rows, and from where on there may be more.
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    pub(super) next: Option<String>,
}

impl Ledger {
    pub(super) fn new(config: UsageConfig) -> Self {
        Self {
            store: Store::firestore(config.store),
            products: config.products,
            known: BTreeMap::new(),
        }
    }

    /// The rows of a state, of one entitlement if that is named, a page at a time.
    pub(super) async fn page(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
        after: Option<&str>,
    ) -> Result<Page, StoreUnavailable> {
        let store = &self.store;
        let mut rows = store.reports_with_state(state, after, PAGE, soon()).await?;
        let last = rows.last().map(|last| last.record.id.clone());
        let next = last.filter(|_| rows.len() == PAGE);
        rows.retain(|row| of.is_none_or(|of| row.record.entitlement == *of));
        let mut rows = self.joined(rows).await?;
        rows.retain(|row| self.serves(row));
        Ok(Page { rows, next })
    }

    /// All rows of a state, the oldest first.
    pub(super) async fn all(
        &mut self,
        state: ReportState,
        of: Option<&EntitlementId>,
    ) -> Result<Vec<Row>, StoreUnavailable> {
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

    /// The rows of these operations, each of which must be there and of a configured product.
    pub(super) async fn named(&mut self, operations: &[String]) -> Result<Vec<Row>, Failure> {
        let mut found = Vec::new();
        for operations in operations.chunks(PAGE) {
            let rows = self.store.reports(operations, soon()).await?;
            let missing = operations.iter().zip(&rows).find(|(_, row)| row.is_none());
            if let Some((id, _)) = missing {
                let problem = format!("there is no operation {id} in the ledger");
                return Err(Failure::Unfit(problem));
            }
            found.extend(self.joined(rows.into_iter().flatten().collect()).await?);
        }
        if let Some(foreign) = found.iter().find(|row| !self.serves(row)) {
            return Err(Failure::Unfit(format!(
                "operation {} is of a product that is not among PRODUCTS",
                foreign.report().id
            )));
        }
        Ok(found)
    }

    /// An entitlement that was named, which must be there and of a configured product: a list of
    /// nothing would look as if all were well with it.
    pub(super) async fn entitlement(&self, id: &EntitlementId) -> Result<Entitlement, Failure> {
        let found = self.store.entitlement(id, soon()).await?;
        let problem = match found.map(|it| it.record) {
            Some(found) if self.products.serves(&found.product) => return Ok(found),
            Some(found) => format!(
                "entitlement {id} is of the product {}, which is not among PRODUCTS",
                found.product
            ),
            None => format!("there is no entitlement {id} in the store"),
        };
        Err(Failure::Unfit(problem))
    }

    async fn joined(
        &mut self,
        rows: Vec<Stored<UsageReport>>,
    ) -> Result<Vec<Row>, StoreUnavailable> {
        let met: BTreeSet<_> = rows.iter().map(|row| &row.record.entitlement).collect();
        let new = met.into_iter().filter(|id| !self.known.contains_key(id));
        let new: Vec<_> = new.cloned().collect();
        let found = self.store.entitlements(&new, soon()).await?;
        let found = found.into_iter().map(|it| it.map(|it| it.record));
        self.known.extend(new.into_iter().zip(found));
        let joined = rows.into_iter().map(|stored| Row {
            entitlement: self
                .known
                .get(&stored.record.entitlement)
                .cloned()
                .flatten(),
            stored,
        });
        Ok(joined.collect())
    }

    /// What is of another product is not shown. A row whose entitlement is not stored is: it would
    /// never come to its end if nobody saw it.
    fn serves(&self, row: &Row) -> bool {
        let entitlement = row.entitlement.as_ref();
        entitlement.is_none_or(|it| self.products.serves(&it.product))
    }
}

impl Row {
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
