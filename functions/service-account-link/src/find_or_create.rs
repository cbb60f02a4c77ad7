//! The customer's service account: the one that is stored, or one that is made, adopted or enabled
//! again.
//!
//! Google is called first and the outcome stored under the version of the account that was read, so
//! that of two requests, or of a request and an event that ends the access, one wins, and the other
//! reads again. A crash in between is finished by the next request: the id is derived, so it finds what
//! the first one made; and enabling twice is enabling. That an account is about to be enabled is stored
//! before: whatever is cut off, whoever ends the access knows that it may work, and disables it.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use google_calls::jittered;
use marketplace::{At, ServiceAccountEmail};
use store::{Account, Commit, ServiceAccount as Record, Stored, retry_contended};

use crate::at_google::AtGoogle;
use crate::customer::StoredCustomer;
use crate::error::LinkFault;
use crate::handler::Handler;
use crate::link_request::LinkRequest;

/// How often a request waits for an account that another one is making.
const WAITS: usize = 4;

/// Upper end of the first pause for such an account; the next ones double it. Who made it has usually stored
/// it by then.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The customer's service account, and what had to be done for it.
#[derive(Debug)]
pub(crate) struct Provided {
    pub(crate) email: ServiceAccountEmail,
    pub(crate) effect: Effect,
}

/// What a request did for the customer's service account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    /// It was made, or one made before a crash was adopted, and this request stored it.
    Created,
    Enabled,
}

impl Handler {
    pub(crate) async fn provide(&self, request: LinkRequest<'_>) -> Result<Provided, LinkFault> {
        let google = AtGoogle::new(&self.service_accounts, &self.naming, request);
        let attempt = || retry_contended(|| self.attempt(request, &google));
        let pauses = ExponentialBuilder::new()
            .with_min_delay(FIRST_PAUSE)
            .with_max_times(WAITS);
        attempt
            .retry(pauses)
            .when(|fault| matches!(fault, LinkFault::BeingMade))
            .adjust(|_, pause| pause.map(jittered))
            .await
    }

    async fn attempt(
        &self,
        request: LinkRequest<'_>,
        google: &AtGoogle<'_>,
    ) -> Result<Provided, LinkFault> {
        let mut customer = StoredCustomer::read(&self.store, request).await?;
        if self.announce(&customer, request.at).await? {
            // As it is now: under the version that this made, and only with access.
            customer = StoredCustomer::read(&self.store, request).await?;
        }
        let account = match customer.entitled() {
            Ok(account) => account,
            Err(reason) => {
                google.undo(customer.account()).await?;
                return Err(reason.into());
            }
        };
        let (record, effect) = match &account.record.service_account {
            Some(stored) if stored.disabled.is_none() => {
                return stored_account(account, stored, google).await;
            }
            Some(stored) => (google.enable(stored).await?, Effect::Enabled),
            None => (google.make().await?, Effect::Created),
        };
        let email = address(&record)?;
        let changed = Account {
            service_account: Some(record),
            updated: request.at.now,
            ..account.record.clone()
        };
        self.replace(account, &changed, request.at).await?;
        Ok(Provided { email, effect })
    }

    /// Stores that the customer's service account is about to be enabled, if that has to be done. If this request were
    /// cut off after that, nobody else would know that it may work.
    async fn announce(&self, customer: &StoredCustomer, at: At) -> Result<bool, LinkFault> {
        let Ok(account) = customer.entitled() else {
            return Ok(false);
        };
        let known = account.record.service_account.as_ref();
        let is_disabled = known.is_some_and(|known| known.disabled.is_some());
        if !is_disabled || account.record.announces_enabling(at.now) {
            return Ok(false);
        }
        let announced = Account {
            enabling: Some(at.now),
            updated: at.now,
            ..account.record.clone()
        };
        self.replace(account, &announced, at).await?;
        Ok(true)
    }

    async fn replace(
        &self,
        known: &Stored<Account>,
        changed: &Account,
        at: At,
    ) -> Result<(), LinkFault> {
        let commit = Commit::new().replace(changed, &known.version);
        Ok(self.store.commit(commit, at.deadline).await?)
    }
}

/// The account that is stored and in use.
async fn stored_account(
    account: &Stored<Account>,
    stored: &Record,
    google: &AtGoogle<'_>,
) -> Result<Provided, LinkFault> {
    // Two requests that made one each: the first of them has been deleted in between.
    if google.has_made_another(stored) {
        return Err(LinkFault::Replaced);
    }
    let email = address(stored)?;
    google.confirm(&email, stored, account).await?;
    let effect = if google.has_enabled() {
        Effect::Enabled
    } else {
        Effect::None
    };
    Ok(Provided { email, effect })
}

fn address(record: &Record) -> Result<ServiceAccountEmail, LinkFault> {
    ServiceAccountEmail::parse(record.email.as_str()).map_err(|_| LinkFault::Unreadable)
}
