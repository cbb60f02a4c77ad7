//! What is stored of the orders that Google lists, and under whose account.

use std::collections::BTreeSet;

use approval::newest;
use marketplace::{Access, Deadline, ProcurementAccountId};
use store::{Account, Entitlement, Landing, Store, StoreUnavailable, Stored};

/// The stored orders of one account, and those that are stored under another one although Google lists them here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownOrders {
    /// The account's own.
    pub(crate) own: Vec<Stored<Entitlement>>,
    /// Those of other accounts. They are left as they are: a synchronization moves them, because that changes the
    /// other account, too.
    pub(crate) elsewhere: Vec<Stored<Entitlement>>,
}

impl KnownOrders {
    /// What was read with the landing, and what Google lists besides.
    pub(crate) async fn read(
        store: &Store,
        account: &ProcurementAccountId,
        landing: &Landing,
        fetched: &[Entitlement],
        deadline: Deadline,
    ) -> Result<Self, StoreUnavailable> {
        let at_landing = landing.entitlements.iter().chain(&landing.other_orders);
        let read: BTreeSet<_> = at_landing.clone().map(|stored| &stored.record.id).collect();
        let listed = fetched.iter().map(|order| &order.id);
        let missing: BTreeSet<_> = listed.filter(|id| !read.contains(id)).cloned().collect();
        let missing = Vec::from_iter(missing);
        let found = store.entitlements(&missing, deadline).await?;
        let found = found.into_iter().flatten();
        Ok(Self::of(account, at_landing.cloned().chain(found)))
    }

    fn of(
        account: &ProcurementAccountId,
        stored: impl Iterator<Item = Stored<Entitlement>>,
    ) -> Self {
        let (own, elsewhere) = stored.partition(|stored| stored.record.account == *account);
        Self { own, elsewhere }
    }

    /// The access that the account has by its own orders and what Google says of them now.
    pub(crate) fn access(&self, account: &Account, fetched: &[Entitlement]) -> Access {
        let is_own = |order: &&Entitlement| {
            let mut elsewhere = self.elsewhere.iter();
            elsewhere.all(|other| other.record.id != order.id)
        };
        let known = newest(fetched, &self.own);
        account.access(known.into_iter().filter(is_own))
    }
}

#[cfg(test)]
mod tests;
