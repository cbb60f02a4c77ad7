//! Everything that is stored, page by page, past what cannot be read.

use store::{Account, Entitlement, Stored};

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};

/// Records read at once, and written at once where they are changed.
pub(crate) const PAGE: usize = 200;

/// All records of a kind.
#[derive(Debug)]
pub(crate) struct AllStored<T> {
    pub(crate) records: Vec<Stored<T>>,
    /// How many others cannot be read.
    pub(crate) unreadable: usize,
}

impl<T> Default for AllStored<T> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            unreadable: 0,
        }
    }
}

impl Operations {
    pub(crate) async fn all_accounts(&self) -> Result<AllStored<Account>, OperationError> {
        let mut all = AllStored::default();
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .walk_accounts(after.as_deref(), PAGE, call_deadline());
            let page = page.await?;
            all.records.extend(page.records);
            all.unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    /// How much of the news that waits to be published cannot be read.
    pub async fn unreadable_news(&self) -> Result<usize, OperationError> {
        let mut unreadable = 0_usize;
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .walk_outbox(after.as_deref(), PAGE, call_deadline());
            let page = page.await?;
            unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                return Ok(unreadable);
            }
        }
    }

    pub(crate) async fn all_orders(&self) -> Result<AllStored<Entitlement>, OperationError> {
        let mut all = AllStored::default();
        let mut after: Option<String> = None;
        loop {
            let page = self
                .store
                .walk_entitlements(after.as_deref(), PAGE, call_deadline());
            let page = page.await?;
            all.records.extend(page.records);
            all.unreadable += page.unreadable;
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}
