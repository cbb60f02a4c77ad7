//! Walks over collections: what cannot be read is passed over, and what comes after it is found all the same.
//!
//! Only what lists, counts or works through independent documents walks. What a decision rests on is read whole or not
//! at all: [`Store::entitlements_of`], [`Store::links_of`], meters, gates, and the records of a sum fail as a whole,
//! because one document left out would change the decision about the others.

use marketplace::{Deadline, ErrorChain};
use sha2::{Digest as _, Sha256};

use crate::documents::collections::REPORTS;
use crate::documents::document::hexadecimal;
use crate::documents::query::Query;
use crate::documents::record::{Decode, StoredDocument};
use crate::{ReportState, Store, StoreUnavailable, Stored, UsageReport};

/// One step of a walk over a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked<T> {
    /// The records of this step, in the order of their ids. There may be none although the walk goes on.
    pub records: Vec<Stored<T>>,
    /// How many documents of this step could not be read. Each was logged with its collection and the hash of its id.
    pub unreadable: usize,
    /// Where the walk goes on: the id after which the next step begins; none at the end.
    pub next: Option<String>,
}

/// The step that found these documents, when it asked for at most `limit`.
fn step<T: Decode>(found: Vec<StoredDocument>, limit: usize) -> Walked<T> {
    let count = found.len();
    let last = found.last().map(|last| last.id.clone());
    let records: Vec<_> = found.into_iter().filter_map(readable).collect();
    Walked {
        unreadable: count - records.len(),
        records,
        next: last.filter(|_| count >= limit),
    }
}

fn readable<T: Decode>(document: StoredDocument) -> Option<Stored<T>> {
    let id = document.id.clone();
    match document.decode() {
        Ok(stored) => Some(stored),
        Err(error) => {
            tracing::error!(
                collection = T::COLLECTION,
                document = hashed(&id),
                error = %ErrorChain(&error),
                "a stored document cannot be read and was passed over"
            );
            None
        }
    }
}

/// By which an operator finds a document whose id must not be logged: the first half of its SHA-256 is enough.
fn hashed(id: &str) -> String {
    let hash = hexadecimal(&Sha256::digest(id));
    hash.chars().take(16).collect()
}

impl Store {
    /// One step through the rows of the ledger in this state, in the order of their ids: at most `limit` documents
    /// from the one after `after` on.
    pub async fn walk_reports_with_state(
        &self,
        state: ReportState,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<UsageReport>, StoreUnavailable> {
        let query = Query::page(REPORTS, after, limit).with("state", state.as_str());
        self.walk(query, deadline).await
    }

    /// One step through the ledger, in the order of the rows' ids: at most `limit` documents from the one after
    /// `after` on.
    pub async fn walk_reports(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<UsageReport>, StoreUnavailable> {
        self.walk(Query::page(REPORTS, after, limit), deadline)
            .await
    }

    /// One step: the documents of one page.
    pub(crate) async fn walk<T: Decode>(
        &self,
        page: Query,
        deadline: Deadline,
    ) -> Result<Walked<T>, StoreUnavailable> {
        let limit = page.limit.unwrap_or(usize::MAX);
        let found = self.select(page, deadline).await?;
        Ok(step(found, limit))
    }

    /// As many steps as it takes to fill one page with records, or to come to the end.
    pub(crate) async fn fill<T: Decode>(
        &self,
        mut page: Query,
        deadline: Deadline,
    ) -> Result<Vec<Stored<T>>, StoreUnavailable> {
        let limit = page.limit.unwrap_or(usize::MAX);
        let mut records = Vec::new();
        loop {
            let step = self.walk::<T>(page.clone(), deadline).await?;
            records.extend(step.records);
            page.after = step.next;
            if records.len() >= limit || page.after.is_none() {
                records.truncate(limit);
                return Ok(records);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logged_document_does_not_show_its_id() {
        let hash = hashed("account-1:user-1");
        assert_eq!(hash.len(), 16);
        assert!(hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(hash, hashed("account-1:user-2"));
    }
}
