//! The store, whichever it is: how it is made, how it is written, and what all reads have in common. The reads
//! themselves stand with what they read, in [`records`](crate::records) and [`usage`](crate::usage).

use jiff::Timestamp;
use marketplace::Deadline;

use crate::documents::query::Query;
use crate::documents::record::{Decode, StoredDocument};
use crate::{
    Commit, CommitError, Document, FirestoreSettings, FirestoreStore, MemoryStore,
    StoreUnavailable, Stored,
};

/// Accounts, links, entitlements, sessions, hand-offs, events, usage and outbox. Clones are cheap
/// and share everything.
///
/// What has expired by `now` is as if it were not there, although it may still be stored. Every
/// method is over by its deadline, and repeats by itself what may be repeated until then.
#[derive(Clone)]
pub enum Store {
    /// In Firestore.
    Firestore(FirestoreStore),
    /// In memory.
    Memory(MemoryStore),
}

impl Store {
    /// An empty store in memory.
    pub fn memory() -> Self {
        Self::Memory(MemoryStore::default())
    }

    /// The store in Firestore. Nothing is connected yet: the first call does it, or
    /// [`warm_up`](Self::warm_up).
    pub fn firestore(settings: FirestoreSettings) -> Self {
        Self::Firestore(FirestoreStore::new(settings))
    }

    /// The store of these settings. Nothing is connected yet.
    pub fn of(settings: &function_runtime::StoreSettings) -> Self {
        match settings {
            function_runtime::StoreSettings::Memory => Self::memory(),
            function_runtime::StoreSettings::Firestore {
                project,
                database,
                emulator,
            } => Self::firestore(FirestoreSettings {
                project: project.clone(),
                database: database.clone(),
                emulator: emulator.clone(),
            }),
        }
    }

    /// Connects, so that the first request need not. A failure is logged and left to that request.
    pub async fn warm_up(&self) {
        match self {
            Self::Firestore(store) => store.warm_up().await,
            Self::Memory(_) => {}
        }
    }

    /// What time it is by the store's own clock, which all instances share. None of a store in memory: it has the one of
    /// its process.
    pub async fn now(&self, deadline: Deadline) -> Result<Option<Timestamp>, StoreUnavailable> {
        match self {
            Self::Firestore(store) => store.now(deadline).await.map(Some),
            Self::Memory(_) => Ok(None),
        }
    }

    /// Writes all of a commit, or nothing. This is the only way to write.
    pub async fn commit(&self, commit: Commit, deadline: Deadline) -> Result<(), CommitError> {
        let writes = commit.into_writes()?;
        match self {
            Self::Firestore(store) => store.commit(&writes, deadline).await,
            Self::Memory(store) => store.commit(writes),
        }
    }

    pub(crate) async fn one<T: Decode>(
        &self,
        document: Document,
        deadline: Deadline,
    ) -> Result<Option<Stored<T>>, StoreUnavailable> {
        let found = self.fetch(&[document], deadline).await?;
        decode_next(&mut found.into_iter())
    }

    /// Some documents in the order asked for, in one round trip.
    pub(crate) async fn each<T: Decode>(
        &self,
        documents: Vec<Document>,
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<T>>>, StoreUnavailable> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.fetch(&documents, deadline).await?.into_iter();
        found
            .map(|document| document.map(StoredDocument::decode).transpose())
            .collect()
    }

    pub(crate) async fn many<T: Decode>(
        &self,
        query: Query,
        deadline: Deadline,
    ) -> Result<Vec<Stored<T>>, StoreUnavailable> {
        let found = self.select(query, deadline).await?;
        found.into_iter().map(StoredDocument::decode).collect()
    }

    pub(crate) async fn select(
        &self,
        query: Query,
        deadline: Deadline,
    ) -> Result<Vec<StoredDocument>, StoreUnavailable> {
        match self {
            Self::Firestore(store) => store.select(&query, deadline).await,
            Self::Memory(store) => Ok(store.select(&query)),
        }
    }

    /// The documents in the order asked for.
    pub(crate) async fn fetch(
        &self,
        documents: &[Document],
        deadline: Deadline,
    ) -> Result<Vec<Option<StoredDocument>>, StoreUnavailable> {
        match self {
            Self::Firestore(store) => store.fetch(documents, deadline).await,
            Self::Memory(store) => Ok(store.fetch(documents)),
        }
    }
}

pub(crate) fn decode_next<T: Decode>(
    found: &mut impl Iterator<Item = Option<StoredDocument>>,
) -> Result<Option<Stored<T>>, StoreUnavailable> {
    let document = found.next().flatten();
    document.map(StoredDocument::decode).transpose()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use marketplace::ProcurementAccountId;

    use super::*;

    #[test]
    fn requests_may_move_between_threads() {
        fn assert_send(_: impl Send) {}
        let store = Store::memory();
        let deadline = Deadline::after(Duration::ZERO);
        let account = ProcurementAccountId::parse("a").unwrap();
        assert_send(store.account(&account, deadline));
        assert_send(store.entitlements_of(&account, deadline));
        assert_send(store.commit(Commit::new(), deadline));
        assert_send(store.warm_up());
    }
}
