//! What is asked of Google about one customer's service account, and what the answers mean.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;
use marketplace::ServiceAccountEmail;
use service_accounts::{ServiceAccount, ServiceAccountError, ServiceAccountName, ServiceAccounts};
use store::{Account, ServiceAccount as Record, Stored};
use tokio::sync::OnceCell;

use crate::error::LinkFault;
use crate::link_request::LinkRequest;
use crate::naming::{Naming, is_of};

/// For so long after its account was last changed, a service account that is not found may be a new
/// one that Google does not know everywhere yet: Google says "60 seconds or more".
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_mins(5);

/// One request's view of Google, through all its attempts: what one of them has done, the next does not do again.
pub(crate) struct AtGoogle<'a> {
    service_accounts: &'a ServiceAccounts,
    naming: &'a Naming,
    request: LinkRequest<'a>,
    made: OnceCell<ServiceAccount>,
    enabled: AtomicBool,
}

impl<'a> AtGoogle<'a> {
    pub(crate) fn new(
        service_accounts: &'a ServiceAccounts,
        naming: &'a Naming,
        request: LinkRequest<'a>,
    ) -> Self {
        Self {
            service_accounts,
            naming,
            request,
            made: OnceCell::new(),
            enabled: AtomicBool::new(false),
        }
    }

    /// Whether this request made an account that is not the stored one.
    pub(crate) fn has_made_another(&self, stored: &Record) -> bool {
        let made = self.made.get();
        made.is_some_and(|made| made.unique_id != stored.unique_id)
    }

    /// Whether this request enabled the account.
    pub(crate) fn has_enabled(&self) -> bool {
        self.enabled.load(Ordering::Relaxed)
    }

    /// Checks, if the request asks for that, that Google has the stored account and that nobody has disabled it.
    pub(crate) async fn confirm(
        &self,
        email: &ServiceAccountEmail,
        stored: &Record,
        account: &Stored<Account>,
    ) -> Result<(), LinkFault> {
        if !self.request.ask_google {
            return Ok(());
        }
        let since_change = self.request.at.now.duration_since(account.record.updated);
        match self.find(email).await {
            Ok(found) if found.unique_id != stored.unique_id => Err(LinkFault::Replaced),
            Ok(found) if found.is_disabled => Err(LinkFault::Disabled),
            Ok(_) => Ok(()),
            Err(ServiceAccountError::NotFound) if since_change < UNKNOWN_FOR => {
                Err(LinkFault::NotKnownYet)
            }
            Err(ServiceAccountError::NotFound) => Err(LinkFault::Deleted),
            Err(error) => Err(error.into()),
        }
    }

    /// Enables an account that was disabled because the customer's access had ended: that is recorded,
    /// and an account that somebody else disabled has no such record.
    pub(crate) async fn enable(&self, stored: &Record) -> Result<Record, LinkFault> {
        let deadline = self.request.at.deadline;
        match self.service_accounts.enable(&name(stored), deadline).await {
            Ok(()) => {}
            Err(ServiceAccountError::NotFound) => return Err(LinkFault::Deleted),
            Err(error) => return Err(error.into()),
        }
        self.enabled.store(true, Ordering::Relaxed);
        Ok(Record {
            disabled: None,
            ..stored.clone()
        })
    }

    /// Disables the account again, if this request enabled it and the access has ended meanwhile: the
    /// request that stored that found it disabled, as it is stored. If this fails, reconciliation does it:
    /// the record says that the account was about to be enabled.
    pub(crate) async fn undo(&self, account: Option<&Stored<Account>>) -> Result<(), LinkFault> {
        let stored = account.and_then(|account| account.record.service_account.as_ref());
        let Some(disabled) = stored.filter(|stored| stored.disabled.is_some()) else {
            return Ok(());
        };
        if self.has_enabled() {
            let deadline = self.request.at.deadline;
            self.service_accounts
                .disable(&name(disabled), deadline)
                .await?;
        }
        Ok(())
    }

    /// Makes the account, unless this request has made it.
    pub(crate) async fn make(&self) -> Result<Record, LinkFault> {
        let made = self.made.get_or_try_init(|| self.create()).await?;
        Ok(Record {
            email: made.email.as_str().to_owned(),
            unique_id: made.unique_id.clone(),
            disabled: None,
        })
    }

    async fn create(&self) -> Result<ServiceAccount, LinkFault> {
        let wanted = self.naming.wanted(self.request.account);
        let deadline = self.request.at.deadline;
        match self.service_accounts.create(&wanted, deadline).await {
            Ok(made) => Ok(made),
            Err(ServiceAccountError::AlreadyExists) => self.adopt().await,
            Err(error) => Err(error.into()),
        }
    }

    /// The account that somebody made before us: a request at the same moment, or one that was cut off
    /// before it could store what it had made.
    async fn adopt(&self) -> Result<ServiceAccount, LinkFault> {
        let account = self.request.account;
        let email = self.naming.email(account);
        match self.find(&email.map_err(|_| LinkFault::Unreadable)?).await {
            Ok(found) if !is_of(account, &found) => Err(LinkFault::NotOurs),
            Ok(found) if found.is_disabled => Err(LinkFault::Disabled),
            Ok(found) => Ok(found),
            Err(ServiceAccountError::NotFound) => Err(LinkFault::BeingMade),
            Err(error) => Err(error.into()),
        }
    }

    async fn find(
        &self,
        email: &ServiceAccountEmail,
    ) -> Result<ServiceAccount, ServiceAccountError> {
        let name = ServiceAccountName::by_email(email);
        let deadline = self.request.at.deadline;
        self.service_accounts.find(&name, deadline).await
    }
}

fn name(stored: &Record) -> ServiceAccountName {
    ServiceAccountName::by_unique_id(&stored.email, &stored.unique_id)
}
