//! Reads of records, by id or in the order of their ids.

use jiff::Timestamp;
use marketplace::{
    Deadline, EntitlementId, EntitlementState, ProcurementAccountId, TokenFingerprint, UserIdentity,
};

use crate::document::{ACCOUNTS, ENTITLEMENTS, EVENTS, LINKS, OUTBOX, SESSIONS};
use crate::fields::Reader;
use crate::query::Query;
use crate::record::StoredDocument;
use crate::{
    Account, Cursor, Document, Entitlement, HandOffRecord, HandledEvent, Link, OutboxEntry,
    Session, SessionId, Store, StoreUnavailable, Stored,
};

impl Store {
    /// An account.
    pub async fn account(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Option<Stored<Account>>, StoreUnavailable> {
        self.one(Document::account(account), deadline).await
    }

    /// Those of these accounts that there are, in one round trip.
    pub async fn accounts(
        &self,
        ids: impl Iterator<Item = &ProcurementAccountId>,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Account>>, StoreUnavailable> {
        let documents: Vec<_> = ids.map(Document::account).collect();
        let found = self.fetch(&documents, deadline).await?;
        let found = found.into_iter().flatten();
        found.map(StoredDocument::decode).collect()
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

    /// At most `limit` entitlements in this state, in the order of their ids.
    pub async fn entitlements_in(
        &self,
        state: &EntitlementState,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Entitlement>>, StoreUnavailable> {
        let query = Query {
            equal: Some(("state", state.as_str().to_owned())),
            ..page(ENTITLEMENTS, None, limit)
        };
        self.many(query, deadline).await
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

pub(crate) fn unexpired(
    found: Option<Stored<HandOffRecord>>,
    now: Timestamp,
) -> Option<Stored<HandOffRecord>> {
    found.filter(|replay| now < replay.record.keep_until)
}
