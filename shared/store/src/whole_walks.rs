//! Walks over whole collections, and over all that is stored of one account, for whoever takes everything along. What
//! cannot be read is passed over and counted.

use marketplace::{Deadline, ProcurementAccountId, UserIdentity};

use crate::documents::collections::{ENTITLEMENTS, LINKS, USAGE};
use crate::documents::query::Query;
use crate::{Document, Entitlement, Link, Store, StoreUnavailable, Stored, UsageRecord, Walked};

impl Store {
    /// One step through all links, by account: at most `limit` documents from the one after `after` on.
    pub async fn walk_links(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<Link>, StoreUnavailable> {
        self.walk(Query::page(LINKS, after, limit), deadline).await
    }

    /// One step through all records of usage, in no order of time: at most `limit` documents from the one after
    /// `after` on.
    pub async fn walk_usage(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<UsageRecord>, StoreUnavailable> {
        self.walk(Query::page(USAGE, after, limit), deadline).await
    }

    /// All links of an account that can be read, in one step.
    pub async fn walk_links_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Walked<Link>, StoreUnavailable> {
        self.walk(Query::of_account(LINKS, account), deadline).await
    }

    /// All entitlements of an account that can be read, in one step.
    pub async fn walk_entitlements_of(
        &self,
        account: &ProcurementAccountId,
        deadline: Deadline,
    ) -> Result<Walked<Entitlement>, StoreUnavailable> {
        self.walk(Query::of_account(ENTITLEMENTS, account), deadline)
            .await
    }

    /// Some links, each named once, in this order and in one round trip.
    pub async fn links(
        &self,
        ids: &[(ProcurementAccountId, UserIdentity)],
        deadline: Deadline,
    ) -> Result<Vec<Option<Stored<Link>>>, StoreUnavailable> {
        let documents = ids
            .iter()
            .map(|(account, user)| Document::link(account, user));
        self.each(documents.collect(), deadline).await
    }
}
