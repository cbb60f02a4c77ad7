//! A customer's account: its approval, its company, its service account.

use jiff::Timestamp;
use marketplace::{Deadline, ProcurementAccountId};

use crate::documents::collections::ACCOUNTS;
use crate::documents::query::Query;
use crate::documents::record::{nested_record, stored_record};
use crate::documents::value::stored_names;
use crate::{Document, Store, StoreUnavailable, Stored};

/// A procurement account that a customer signed up for, or that an event named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Google's id of it.
    pub id: ProcurementAccountId,
    /// How far our approval is.
    pub approval: Approval,
    /// The company's name as the customer gave it.
    pub company: Option<String>,
    /// The service account that works in the customer's project.
    pub service_account: Option<ServiceAccount>,
    /// When this record was made.
    pub created: Timestamp,
    /// When this record was last changed.
    pub updated: Timestamp,
    /// When Google deleted the account. The record stays, so that an older event cannot
    /// reopen it.
    pub deleted: Option<Timestamp>,
    /// When one of its entitlements last changed. Commits that change an entitlement write it, so
    /// that of two that change two entitlements at once the second sees the first.
    pub touched: Option<Timestamp>,
}

/// How far the approval `signup` of an account is, following what Google says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// Nobody has signed up.
    None,
    /// A customer has signed up; Google does not know it yet. It is no lock: any request that
    /// finds it continues.
    Approving,
    /// Google has the approval.
    Approved,
    /// An operator refused. Only an operator may reopen it.
    Rejected,
}

/// The service account of one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Its e-mail address.
    pub email: String,
    /// Its numeric id, which a service account made later under the same address does not share.
    pub unique_id: String,
    /// When it was disabled because the customer's access had ended; none while it may work.
    pub disabled: Option<Timestamp>,
}

stored_names! {
    /// The approval as it is stored.
    Approval: None = "none", Approving = "approving", Approved = "approved", Rejected = "rejected"
}

nested_record!(ServiceAccount: email, unique_id, disabled);

stored_record! {
    Account, in ACCOUNTS, at |account| Document::account(&account.id);
    id: id;
    fields: approval, company, service_account, created, updated, deleted, touched;
}

impl Document {
    /// An account.
    pub fn account(account: &ProcurementAccountId) -> Self {
        Self::new(ACCOUNTS, account.as_str())
    }
}

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
        let documents = ids.map(Document::account).collect();
        let found = self.each(documents, deadline).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// At most `limit` accounts in the order of their ids, from the one after `after` on.
    pub async fn accounts_after(
        &self,
        after: Option<&ProcurementAccountId>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Vec<Stored<Account>>, StoreUnavailable> {
        let after = after.map(ProcurementAccountId::as_str);
        self.many(Query::page(ACCOUNTS, after, limit), deadline)
            .await
    }
}
