//! Whose the store is, and how much of it belongs to whom.

use std::collections::BTreeMap;

use marketplace::ProviderId;
use procurement::ProcurementError;
use store::{Account, Deployment, Stored};

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};

/// So many stored accounts are looked for at Google.
const SAMPLE: usize = 20;

/// Whose the store is, as it was read.
#[derive(Debug)]
pub struct StoreOwnership {
    /// Who it belongs to; none if nobody has recorded that.
    pub owner: Option<ProviderId>,
    /// What is stored as live, by the provider it was found under; none for what does not say.
    pub live: BTreeMap<Option<String>, LiveRecords>,
    /// Whether any account or order is stored.
    pub has_records: bool,
    /// How many accounts cannot be read.
    pub unreadable_accounts: usize,
    /// How many orders cannot be read.
    pub unreadable_orders: usize,
    pub(crate) deployment: Option<Stored<Deployment>>,
    /// Some of the live accounts that do not belong to the configured provider by their own word.
    pub(crate) sample: Vec<Account>,
}

/// How many records are live.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LiveRecords {
    /// Accounts that are open.
    pub accounts: usize,
    /// Orders that have not ended.
    pub orders: usize,
}

/// How many accounts of a sample Google knows under the configured provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SampleFound {
    pub(crate) found: usize,
    pub(crate) missing: usize,
    /// Google gave no answer about them.
    pub(crate) unknown: usize,
}

impl Operations {
    /// Whose the store is.
    pub async fn store_ownership(&self) -> Result<StoreOwnership, OperationError> {
        let deployment = self.store.deployment(call_deadline()).await?;
        let (accounts, orders) = (self.all_accounts().await?, self.all_orders().await?);
        let mut live: BTreeMap<_, LiveRecords> = BTreeMap::new();
        let key = |provider: Option<&ProviderId>| provider.map(|it| it.as_str().to_owned());
        for account in accounts.records.iter().map(|it| &it.record) {
            if !account.is_closed() {
                let records = live.entry(key(account.provider.as_ref())).or_default();
                records.accounts += 1;
            }
        }
        for order in orders.records.iter().map(|it| &it.record) {
            if !order.has_ended() {
                let records = live.entry(key(order.provider.as_ref())).or_default();
                records.orders += 1;
            }
        }
        let has_records = !accounts.records.is_empty()
            || !orders.records.is_empty()
            || accounts.unreadable + orders.unreadable > 0;
        let others = accounts.records.into_iter().map(|stored| stored.record);
        let others = others.filter(|account| {
            !account.is_closed() && account.provider.as_ref() != Some(&self.provider)
        });
        Ok(StoreOwnership {
            owner: deployment.as_ref().map(|it| it.record.provider.clone()),
            live,
            has_records,
            unreadable_accounts: accounts.unreadable,
            unreadable_orders: orders.unreadable,
            deployment,
            sample: others.take(SAMPLE).collect(),
        })
    }

    /// How many of these accounts Google knows under the configured provider.
    pub(crate) async fn look_for(&self, sample: &[Account]) -> SampleFound {
        let mut seen = SampleFound::default();
        for account in sample {
            match self.procurement.account(&account.id, call_deadline()).await {
                Ok(_) => seen.found += 1,
                Err(ProcurementError::NotFound(_)) => seen.missing += 1,
                Err(_) => seen.unknown += 1,
            }
        }
        seen
    }
}
