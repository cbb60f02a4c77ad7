//! What the functions ask of a store, whichever it is.

use jiff::Timestamp;
use marketplace::{Deadline, EntitlementId, ProcurementAccountId, TokenFingerprint, UserIdentity};
use verification::VerifiedCustomer;

use crate::document::{ACCOUNTS, ENTITLEMENTS, EVENTS, LINKS, OUTBOX, SESSIONS};
use crate::fields::Reader;
use crate::query::Query;
use crate::record::{Decode, StoredDocument};
use crate::{
    Account, Commit, CommitError, Cursor, Document, Entitlement, FirestoreLinkStore,
    FirestoreSettings, HandOffRecord, HandledEvent, Link, MemoryLinkStore, OutboxEntry, Session,
    SessionId, StoreUnavailable, Stored,
};

/// Accounts, links, entitlements, sessions, hand-offs, events, usage and outbox. Clones are cheap
/// and share everything.
///
/// What has expired by `now` is as if it were not there, although it may still be stored. Every
/// method is over by its deadline, and repeats by itself what may be repeated until then.
#[derive(Clone)]
pub enum LinkStore {
    /// In Firestore.
    Firestore(FirestoreLinkStore),
    /// In memory.
    Memory(MemoryLinkStore),
}

/// All that is known of a customer who has just landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The customer's account.
    pub account: Option<Stored<Account>>,
    /// The link of the token's user to it; none if the token names no user.
    pub link: Option<Stored<Link>>,
    /// The hand-off that this very token was used for.
    pub replay: Option<Stored<HandOffRecord>>,
    /// The account's entitlements, in the order of their ids.
    pub entitlements: Vec<Stored<Entitlement>>,
}

impl LinkStore {
    /// An empty store in memory.
    pub fn memory() -> Self {
        Self::Memory(MemoryLinkStore::default())
    }

    /// The store in Firestore. Nothing is connected yet: the first call does it, or
    /// [`warm_up`](Self::warm_up).
    pub fn firestore(settings: FirestoreSettings) -> Self {
        Self::Firestore(FirestoreLinkStore::new(settings))
    }

    /// Connects, so that the first request need not. A failure is logged and left to that request.
    pub async fn warm_up(&self) {
        match self {
            Self::Firestore(store) => store.warm_up().await,
            Self::Memory(_) => {}
        }
    }

    /// An account.
    pub async fn account(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Account>>, StoreUnavailable> {
        self.one(Document::account(account), deadline).await
    }

    /// The link of one user to one account.
    pub async fn link(
        &self,
        account: &ProcurementAccountId,
        user: &UserIdentity,
        deadline: Deadline,
    ) -> Result<Option<Stored<Link>>, StoreUnavailable> {
        self.one(Document::link(account, user), deadline).await
    }

    /// All links of an account.
    pub async fn links_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Link>>, StoreUnavailable> {
        self.many(of_account(LINKS, account), deadline).await
    }

    /// An entitlement.
    pub async fn entitlement(
        &self,
        id: &EntitlementId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Entitlement>>, StoreUnavailable> {
        self.one(Document::entitlement(id), deadline).await
    }

    /// All entitlements of an account, in the order of their ids.
    pub async fn entitlements_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        self.many(of_account(ENTITLEMENTS, account), deadline).await
    }

    /// A session that has not expired.
    pub async fn session(
        &self,
        id: &SessionId,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Option<Stored<Session>>, StoreUnavailable> {
        let found = self.fetch(&[Document::session(id)], deadline).await?;
        let Some(document) = found.into_iter().next().flatten() else {
            return Ok(None);
        };
        let record = Session::decode(*id, Reader::new(Session::COLLECTION, &document.fields))?;
        let version = document.version;
        Ok((now < record.expires).then_some(Stored { record, version }))
    }

    /// Where an account's sessions are stored, expired ones too, to be deleted.
    pub async fn sessions_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Vec<Document>, StoreUnavailable> {
        let found = self.select(of_account(SESSIONS, account), deadline).await?;
        let documents = found.into_iter().map(|session| Document {
            collection: SESSIONS,
            id: session.id,
        });
        Ok(documents.collect())
    }

    /// The hand-off a token was used for, as long as that matters.
    pub async fn replay(
        &self,
        token: TokenFingerprint,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Option<Stored<HandOffRecord>>, StoreUnavailable> {
        let found = self.one(Document::replay(token), deadline).await?;
        Ok(unexpired(found, now))
    }

    /// An event that was handled, by its hash, as long as that matters.
    pub async fn event(
        &self,
        id: &str,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Option<Stored<HandledEvent>>, StoreUnavailable> {
        let found: Option<Stored<HandledEvent>> = self.one(Document::event(id), deadline).await?;
        Ok(found.filter(|event| now < event.record.keep_until))
    }

    /// At most `limit` events with this outcome, in the order of their ids, from the one after
    /// `after` on. Some may have expired.
    pub async fn events_with_outcome(
        &self,
        outcome: &str,
        (after, limit): (Option<&str>, usize),
        deadline: Deadline,
    ) -> Result<Vec<Stored<HandledEvent>>, StoreUnavailable> {
        let query = Query {
            equal: Some(("outcome", outcome.to_owned())),
            ..page(EVENTS, after, limit)
        };
        self.many(query, deadline).await
    }

    /// How far a job has come, if it is under way.
    pub async fn cursor(
        &self,
        job: &str,
        deadline: Deadline,
    ) -> Result<Option<Stored<Cursor>>, StoreUnavailable> {
        self.one(Document::cursor(job), deadline).await
    }

    /// Everything a landing needs, in one parallel round trip.
    pub async fn landing(
        &self,
        customer: &VerifiedCustomer,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Landing, StoreUnavailable> {
        let account = customer.account();
        let mut documents = vec![
            Document::account(account),
            Document::replay(customer.fingerprint()),
        ];
        documents.extend(customer.user().map(|user| Document::link(account, user)));
        let (found, entitlements) = tokio::try_join!(
            self.fetch(&documents, deadline),
            self.entitlements_of(account, deadline),
        )?;
        let mut found = found.into_iter();
        Ok(Landing {
            account: decode_next(&mut found)?,
            replay: unexpired(decode_next(&mut found)?, now),
            link: decode_next(&mut found)?,
            entitlements,
        })
    }

    /// At most `limit` accounts in the order of their ids, from the one after `after` on.
    pub async fn accounts_after(
        &self,
        after: Option<&ProcurementAccountId>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Account>>, StoreUnavailable> {
        let after = after.map(ProcurementAccountId::as_str);
        self.many(page(ACCOUNTS, after, limit), deadline).await
    }

    /// At most `limit` entitlements in the order of their ids, from the one after `after` on.
    pub async fn entitlements_after(
        &self,
        after: Option<&EntitlementId>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let after = after.map(EntitlementId::as_str);
        self.many(page(ENTITLEMENTS, after, limit), deadline).await
    }

    /// At most `limit` changes that the application has yet to be told of, in no order of time.
    pub async fn outbox_batch(
        &self,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<OutboxEntry>>, StoreUnavailable> {
        self.many(page(OUTBOX, None, limit), deadline).await
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

fn of_account(collection: &'static str, account: &ProcurementAccountId) -> Query {
    Query {
        collection,
        equal: Some(("account", account.as_str().to_owned())),
        ..Query::default()
    }
}

pub(crate) fn page(collection: &'static str, after: Option<&str>, limit: usize) -> Query {
    Query {
        collection,
        after: after.map(ToOwned::to_owned),
        limit: Some(limit),
        ..Query::default()
    }
}

pub(crate) fn decode_next<T: Decode>(
    found: &mut impl Iterator<Item = Option<StoredDocument>>,
) -> Result<Option<Stored<T>>, StoreUnavailable> {
    let document = found.next().flatten();
    document.map(StoredDocument::decode).transpose()
}

fn unexpired(
    found: Option<Stored<HandOffRecord>>,
    now: Timestamp,
) -> Option<Stored<HandOffRecord>> {
    found.filter(|replay| now < replay.record.keep_until)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn requests_may_move_between_threads() {
        fn assert_send(_: impl Send) {}
        let store = LinkStore::memory();
        let deadline = Deadline::after(Duration::ZERO);
        let account = ProcurementAccountId::parse("a").unwrap();
        assert_send(store.account(&account, deadline));
        assert_send(store.entitlements_of(&account, deadline));
        assert_send(store.commit(Commit::new(), deadline));
        assert_send(store.warm_up());
    }
}
