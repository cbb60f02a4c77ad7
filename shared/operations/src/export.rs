//! Writes everything that is stored of one customer, or of all, as JSON lines: for an audit, for another system, for the
//! day somebody leaves.

mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use marketplace::{EntitlementId, ProcurementAccountId};
use store::{Account, Entitlement, Store, StoreUnavailable, UsageRecord, UsageReport, Walked};

use self::lines::Exportable;
use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};
use crate::walks::PAGE;

/// What an export has written, and what it had to leave out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many lines were written.
    pub lines: usize,
    /// How many documents cannot be read, by their collection.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// An export under way.
struct Export<'a, W> {
    store: &'a Store,
    output: W,
    exported: Exported,
}

impl Operations {
    /// Writes a line for each record of one account, or of all, a page at a time. What cannot be read is left out and
    /// counted. The usage of one account is looked for among all usage: it may take as long as that of all.
    pub async fn export(
        &self,
        account: Option<&ProcurementAccountId>,
        output: impl Write,
    ) -> Result<Exported, OperationError> {
        let mut export = Export {
            store: &self.store,
            output,
            exported: Exported::default(),
        };
        match account {
            Some(id) => Box::pin(export.one(id)).await?,
            None => Box::pin(export.all()).await?,
        }
        export
            .output
            .flush()
            .map_err(OperationError::ExportNotWritten)?;
        Ok(export.exported)
    }
}

impl<W: Write> Export<'_, W> {
    async fn all(&mut self) -> Result<(), OperationError> {
        let store = self.store;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_accounts(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            |_| true,
        )
        .await?;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_links(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            |_| true,
        )
        .await?;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_entitlements(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            |_| true,
        )
        .await?;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_journal(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            |_| true,
        )
        .await?;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_typed_texts(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            |_| true,
        )
        .await?;
        self.usage(|_| true, |_| true).await
    }

    async fn one(&mut self, id: &ProcurementAccountId) -> Result<(), OperationError> {
        let store = self.store;
        self.account(id).await?;
        let links = store.walk_links_of(id, call_deadline()).await?;
        self.step(&links, |_| true)?;
        let orders = store.walk_entitlements_of(id, call_deadline()).await?;
        self.step(&orders, |_| true)?;
        let journal = store.journal_of(id, call_deadline()).await?;
        self.step(&journal, |_| true)?;
        let texts = store.readable_texts_of(id, call_deadline()).await?;
        self.step(&texts, |_| true)?;
        if self.exported == Exported::default() {
            let reason = format!("nothing is stored of account {id}");
            return Err(OperationError::not_applicable(reason));
        }
        let orders = ids(&orders);
        self.usage(
            |record| orders.contains(&record.entitlement),
            |report| report.account == *id,
        )
        .await
    }

    async fn account(&mut self, id: &ProcurementAccountId) -> Result<(), OperationError> {
        match self.store.account(id, call_deadline()).await {
            Ok(None) => Ok(()),
            Ok(Some(account)) => self.write(&account.record),
            Err(StoreUnavailable::Undecodable { .. }) => {
                self.leave_out(Account::COLLECTION, 1);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What the application recorded, and what is reported of it to Google.
    async fn usage(
        &mut self,
        is_recorded: impl Fn(&UsageRecord) -> bool,
        is_reported: impl Fn(&UsageReport) -> bool,
    ) -> Result<(), OperationError> {
        let store = self.store;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_usage(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            is_recorded,
        )
        .await?;
        self.pages(
            async |after: Option<String>| {
                let page = store.walk_reports(after.as_deref(), PAGE, call_deadline());
                page.await
            },
            is_reported,
        )
        .await
    }

    async fn pages<T: Exportable>(
        &mut self,
        page: impl AsyncFn(Option<String>) -> Result<Walked<T>, StoreUnavailable>,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Result<(), OperationError> {
        let mut after = None;
        loop {
            let step = page(after).await?;
            self.step(&step, &is_wanted)?;
            after = step.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    fn step<T: Exportable>(
        &mut self,
        step: &Walked<T>,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Result<(), OperationError> {
        self.leave_out(T::COLLECTION, step.unreadable);
        let records = step.records.iter().map(|stored| &stored.record);
        for record in records.filter(|record| is_wanted(record)) {
            self.write(record)?;
        }
        Ok(())
    }

    fn write(&mut self, record: &impl Exportable) -> Result<(), OperationError> {
        let line = serde_json::to_string(&record.line())
            .map_err(|error| OperationError::ExportNotWritten(error.into()))?;
        writeln!(self.output, "{line}").map_err(OperationError::ExportNotWritten)?;
        self.exported.lines += 1;
        Ok(())
    }

    fn leave_out(&mut self, collection: &'static str, count: usize) {
        if count > 0 {
            *self.exported.left_out.entry(collection).or_default() += count;
        }
    }
}

fn ids(orders: &Walked<Entitlement>) -> BTreeSet<EntitlementId> {
    let records = orders.records.iter();
    records.map(|order| order.record.id.clone()).collect()
}
