//! A customer's account: its approval, its company, its service account.

use jiff::Timestamp;
use marketplace::{Access, Deadline, ProcurementAccountId, ProviderId};

use crate::documents::collections::ACCOUNTS;
use crate::documents::query::Query;
use crate::documents::record::{nested_record, stored_record};
use crate::documents::value::stored_names;
use crate::{Document, Entitlement, Store, StoreUnavailable, Stored, Walked};

/// A procurement account that a customer signed up for, or that an event named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Google's id of it.
    pub id: ProcurementAccountId,
    /// Under which provider id it was found. Older records have none: they belong to the deployment's provider.
    pub provider: Option<ProviderId>,
    /// How far our approval is.
    pub approval: Approval,
    /// An operator's rejection that Google may still have to be given.
    pub rejecting: Option<Rejecting>,
    /// The company's name as the customer gave it.
    pub company: Option<String>,
    /// The service account that works in the customer's project.
    pub service_account: Option<ServiceAccount>,
    /// When a request last set out to enable the service account again. Stored before Google is asked, and kept until
    /// long after: see [`service_account_may_work`](Self::service_account_may_work).
    pub enabling: Option<Timestamp>,
    /// When this record was made.
    pub created: Timestamp,
    /// When this record was last changed.
    pub updated: Timestamp,
    /// When a customer last signed up for it, or when it was last reopened: only a deletion that Google
    /// announced later can close it. None in older records.
    pub opened: Option<Timestamp>,
    /// Since when Google does not find it; none while it does.
    pub absent: Option<Absence>,
    /// Why and since when it is closed: nobody has access by it. None while it is open.
    pub closed: Option<Closed>,
    /// Personal data of a closed account is not erased before this.
    pub erase_hold: Option<EraseHold>,
    /// When an operator asked for its personal data to be erased without further waiting.
    pub erase_asked: Option<Timestamp>,
    /// When the personal data of the closed account was erased. The record stays, so that an older event cannot
    /// reopen it. Earlier versions closed and erased at once.
    pub erased: Option<Timestamp>,
    /// When Google last moved one of its orders to another account.
    pub order_left: Option<Timestamp>,
    /// A time that grows with every commit that changes an entitlement of the account or publishes news about it,
    /// in microseconds: of two such commits at once the second sees the first. The news carry it as their
    /// `sequence`.
    pub touched: Option<Timestamp>,
}

/// That Google does not find a resource. Whether it is gone, only time shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// When Google first did not find it.
    pub since: Timestamp,
    /// When an operator accepted that it is gone, although too many others are absent too.
    pub accepted: Option<Timestamp>,
}

/// Since when an account is closed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// When it was closed.
    pub at: Timestamp,
    /// Why.
    pub because: ClosedBecause,
}

/// Why an account was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedBecause {
    /// Google said that it deleted the account.
    Deleted,
    /// Google did not find the account for so long that this was confirmed.
    Absent,
}

/// That a person wants the personal data of a closed account kept for a while. Why is in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EraseHold {
    /// Until when.
    pub until: Timestamp,
    /// Who asked for it.
    pub by: String,
}

/// An operator's rejection of an account on its way to Google.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejecting {
    /// When the operator rejected it.
    pub since: Timestamp,
    /// When Google confirmed it; none before that.
    pub confirmed: Option<Timestamp>,
    /// When Google first refused to take it; none if it has not, and in older records.
    pub refused: Option<Timestamp>,
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

impl Account {
    /// An account that is stored for the first time.
    pub fn new(id: &ProcurementAccountId, approval: Approval, now: Timestamp) -> Self {
        Self {
            id: id.clone(),
            provider: None,
            approval,
            rejecting: None,
            company: None,
            service_account: None,
            enabling: None,
            created: now,
            updated: now,
            opened: None,
            absent: None,
            closed: None,
            erase_hold: None,
            erase_asked: None,
            erased: None,
            order_left: None,
            touched: None,
        }
    }

    /// Whether nobody has access by it.
    pub fn is_closed(&self) -> bool {
        self.closed.is_some() || self.erased.is_some()
    }

    /// Since when and why it is closed. Earlier versions recorded only that Google had deleted it.
    pub fn closing(&self) -> Option<Closed> {
        let by_earlier_version = |at| Closed {
            at,
            because: ClosedBecause::Deleted,
        };
        self.closed.or(self.erased.map(by_earlier_version))
    }

    /// Whether it belongs to this provider, as far as the record says.
    pub fn is_of(&self, provider: &ProviderId) -> bool {
        self.provider.as_ref().is_none_or(|own| own == provider)
    }

    /// The access that the account has by all of its stored orders.
    ///
    /// Orders are stored only of products that were served when they were bought, and they count until Google ends
    /// them, even if the configuration has changed since.
    pub fn access<'a>(&self, orders: impl IntoIterator<Item = &'a Entitlement>) -> Access {
        if self.is_closed() {
            return Access::Ended;
        }
        let mut orders = orders.into_iter().peekable();
        if orders.peek().is_none() && self.order_left.is_some() {
            return Access::Ended;
        }
        Access::from_states(orders.map(|order| &order.state))
    }
}

stored_names! {
    /// The reason as it is stored.
    ClosedBecause: Deleted = "deleted", Absent = "absent"
}

nested_record!(Absence: since, accepted);

nested_record!(Closed: at, because);

nested_record!(EraseHold: until, by);

nested_record!(Rejecting: since, confirmed, refused);

stored_names! {
    /// The approval as it is stored.
    Approval: None = "none", Approving = "approving", Approved = "approved", Rejected = "rejected"
}

nested_record!(ServiceAccount: email, unique_id, disabled);

stored_record! {
    Account, in ACCOUNTS, at |account| Document::account(&account.id);
    id: id;
    fields: provider, approval, rejecting, company, service_account, enabling, created, updated, opened, absent,
        closed, erase_hold, erase_asked, erased as "deleted", order_left, touched;
}

impl Document {
    /// An account.
    pub fn account(account: &ProcurementAccountId) -> Self {
        Self::new(ACCOUNTS, account.percent_encoded())
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

    /// One step through all accounts, in the order of their ids: at most `limit` documents from the one after
    /// `after` on.
    pub async fn walk_accounts(
        &self,
        after: Option<&str>,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Walked<Account>, StoreUnavailable> {
        self.walk(Query::page(ACCOUNTS, after, limit), deadline)
            .await
    }
}
