//! What is asked of Google about one customer's service account, and what the answers mean.

use jiff::SignedDuration;
use marketplace::{Deadline, ServiceAccountEmail};
use service_accounts::{ServiceAccount, ServiceAccountError, ServiceAccountName};
use store::{Account, ServiceAccount as Record, Stored};

use crate::customer::Customer;
use crate::error::Kind;
use crate::handler::Handler;
use crate::naming::is_of;
use crate::provide::{Done, Wish};

/// For so long after its account was last changed, a service account that is not found may be a new
/// one that Google does not know everywhere yet: Google says "60 seconds or more".
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_mins(5);

impl Handler {
    /// Whether Google has the account that is stored, and nobody has disabled it.
    pub(crate) async fn confirm(
        &self,
        email: &ServiceAccountEmail,
        stored: &Record,
        (account, wish): (&Stored<Account>, Wish<'_>),
    ) -> Result<(), Kind> {
        let name = ServiceAccountName::by_email(email);
        match self.service_accounts.find(&name, wish.deadline).await {
            Ok(found) if found.unique_id != stored.unique_id => Err(Kind::Replaced),
            Ok(found) if found.is_disabled => Err(Kind::Disabled),
            Ok(_) => Ok(()),
            Err(ServiceAccountError::NotFound)
                if wish.now.duration_since(account.record.updated) < UNKNOWN_FOR =>
            {
                Err(Kind::NotKnownYet)
            }
            Err(ServiceAccountError::NotFound) => Err(Kind::Gone),
            Err(error) => Err(error.into()),
        }
    }

    /// Enables an account that was disabled because the customer's access had ended: that is recorded,
    /// and an account that somebody else disabled has no such record.
    pub(crate) async fn enabled(
        &self,
        stored: &Record,
        (wish, done): (Wish<'_>, &mut Done),
    ) -> Result<Record, Kind> {
        let name = ServiceAccountName::by_unique_id(&stored.email, &stored.unique_id);
        match self.service_accounts.enable(&name, wish.deadline).await {
            Ok(()) => {}
            Err(ServiceAccountError::NotFound) => return Err(Kind::Gone),
            Err(error) => return Err(error.into()),
        }
        done.enabled = Some(name);
        Ok(Record {
            disabled: None,
            ..stored.clone()
        })
    }

    /// The access ended while we enabled the account, and whoever stored that found it disabled, as it
    /// is stored: so it is for us to disable it again.
    pub(crate) async fn undo(
        &self,
        customer: &Customer,
        done: &Done,
        deadline: Deadline,
    ) -> Result<(), Kind> {
        let account = customer.account().map(|stored| &stored.record);
        let stored = account.and_then(|account| account.service_account.as_ref());
        let is_stored_as_disabled = stored.is_some_and(|stored| stored.disabled.is_some());
        if let Some(name) = &done.enabled
            && is_stored_as_disabled
        {
            self.service_accounts.disable(name, deadline).await?;
        }
        Ok(())
    }

    pub(crate) async fn made(&self, wish: Wish<'_>, done: &mut Done) -> Result<Record, Kind> {
        let made = match done.made.take() {
            Some(made) => made,
            None => self.create(wish).await?,
        };
        let made = done.made.insert(made);
        Ok(Record {
            email: made.email.as_str().to_owned(),
            unique_id: made.unique_id.clone(),
            disabled: None,
        })
    }

    async fn create(&self, wish: Wish<'_>) -> Result<ServiceAccount, Kind> {
        let wanted = self.naming.wanted(wish.account);
        match self.service_accounts.create(&wanted, wish.deadline).await {
            Ok(made) => Ok(made),
            Err(ServiceAccountError::AlreadyExists) => self.adopted(wish).await,
            Err(error) => Err(error.into()),
        }
    }

    /// The account that somebody made before us: a request at the same moment, or one that was cut off
    /// before it could store what it had made.
    async fn adopted(&self, wish: Wish<'_>) -> Result<ServiceAccount, Kind> {
        let email = self.naming.email(wish.account);
        let name = ServiceAccountName::by_email(&email.map_err(|_| Kind::Unreadable)?);
        match self.service_accounts.find(&name, wish.deadline).await {
            Ok(found) if !is_of(wish.account, &found) => Err(Kind::NotOurs),
            Ok(found) if found.is_disabled => Err(Kind::Disabled),
            Ok(found) => Ok(found),
            Err(ServiceAccountError::NotFound) => Err(Kind::NotKnownYet),
            Err(error) => Err(error.into()),
        }
    }
}
