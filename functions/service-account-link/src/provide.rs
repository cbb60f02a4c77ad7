//! The customer's service account: the one that is stored, or one that is made, adopted or enabled
//! again.
//!
//! Google is called first and the outcome stored under the version of the account that was read, so
//! that of two requests, or of a request and an event that ends the access, one wins, and the other
//! reads again. A crash in between is finished by the next request: the id is derived, so it finds what
//! the first one made; and enabling twice is enabling.

use std::time::Duration;

use jiff::Timestamp;
use marketplace::{Deadline, ProcurementAccountId, ServiceAccountEmail, UserIdentity};
use service_accounts::{ServiceAccount, ServiceAccountName};
use store::{Account, Commit, CommitError, ServiceAccount as Record, Stored};

use crate::customer::Customer;
use crate::error::Kind;
use crate::handler::Handler;

/// How often a request begins anew before it gives up. A hundred first calls at once need two: one
/// wins, and the others then find what it stored.
const ATTEMPTS: u32 = 5;

/// Upper end of the first pause for an account that is there and not found; the next ones double it.
/// Who made it has usually stored it by then.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// One request for one customer.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) account: &'a ProcurementAccountId,
    pub(crate) user: &'a UserIdentity,
    pub(crate) trust: Trust,
    pub(crate) now: Timestamp,
    pub(crate) deadline: Deadline,
}

/// Whether what is stored is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The usual call asks nobody else.
    Stored,
    /// Google is asked whether the service account is as it was stored.
    OnlyGoogle,
}

/// The customer's service account, and what had to be done for it.
#[derive(Debug)]
pub(crate) struct Provided {
    pub(crate) email: ServiceAccountEmail,
    pub(crate) how: How,
}

/// What had to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Nothing.
    Known,
    /// It was made, or one made before a crash was adopted, and this request stored it.
    Created,
    /// It was enabled again.
    Enabled,
}

/// What an attempt has done at Google that the next one need not do again, or must undo.
#[derive(Default)]
pub(crate) struct Done {
    pub(crate) made: Option<ServiceAccount>,
    pub(crate) enabled: Option<ServiceAccountName>,
}

/// How an attempt ended that found no fault.
enum Attempt {
    Provided(Provided),
    /// Somebody else was at work, and what he stores is to be read; or this is the answer.
    Anew(Kind),
}

impl Handler {
    pub(crate) async fn provide(&self, wish: Wish<'_>) -> Result<Provided, Kind> {
        let mut done = Done::default();
        for n in 1..ATTEMPTS {
            match self.attempt(wish, &mut done).await? {
                Attempt::Provided(provided) => return Ok(provided),
                Attempt::Anew(Kind::NotKnownYet) => pause(n).await,
                Attempt::Anew(_) => {}
            }
        }
        match self.attempt(wish, &mut done).await? {
            Attempt::Provided(provided) => Ok(provided),
            Attempt::Anew(reason) => Err(reason),
        }
    }

    async fn attempt(&self, wish: Wish<'_>, done: &mut Done) -> Result<Attempt, Kind> {
        let pair = (wish.account, wish.user);
        let customer = Customer::read(&self.store, pair, wish.deadline).await?;
        let account = match customer.entitled(&self.products) {
            Ok(account) => account,
            Err(reason) => {
                self.undo(&customer, done, wish.deadline).await?;
                return Err(reason.into());
            }
        };
        let (record, how) = match &account.record.service_account {
            Some(stored) if stored.disabled.is_none() => {
                let known = self.known(account, stored, (wish, done)).await?;
                return Ok(Attempt::Provided(known));
            }
            Some(stored) => (self.enabled(stored, (wish, done)).await?, How::Enabled),
            None => match self.made(wish, done).await {
                Err(Kind::NotKnownYet) => return Ok(Attempt::Anew(Kind::NotKnownYet)),
                made => (made?, How::Created),
            },
        };
        let email = address(&record)?;
        let is_stored = self.store_record(account, record, wish).await?;
        Ok(if is_stored {
            Attempt::Provided(Provided { email, how })
        } else {
            Attempt::Anew(Kind::Contended)
        })
    }

    async fn known(
        &self,
        account: &Stored<Account>,
        stored: &Record,
        (wish, done): (Wish<'_>, &Done),
    ) -> Result<Provided, Kind> {
        // Two requests that made one each: the first of them has been deleted in between.
        let is_same = |made: &ServiceAccount| made.unique_id == stored.unique_id;
        if !done.made.as_ref().is_none_or(is_same) {
            return Err(Kind::Replaced);
        }
        let email = address(stored)?;
        if wish.trust == Trust::OnlyGoogle {
            self.confirm(&email, stored, (account, wish)).await?;
        }
        let how = match done.enabled {
            Some(_) => How::Enabled,
            None => How::Known,
        };
        Ok(Provided { email, how })
    }

    /// Whether nobody has changed the account since it was read.
    async fn store_record(
        &self,
        account: &Stored<Account>,
        record: Record,
        wish: Wish<'_>,
    ) -> Result<bool, Kind> {
        let changed = Account {
            service_account: Some(record),
            updated: wish.now,
            ..account.record.clone()
        };
        let commit = Commit::new().replace(&changed, &account.version);
        match self.store.commit(commit, wish.deadline).await {
            Ok(()) => Ok(true),
            Err(CommitError::Conflict) => Ok(false),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}

/// Full jitter: requests that met must not meet again.
async fn pause(n: u32) {
    let longest = FIRST_PAUSE * 2_u32.saturating_pow(n - 1);
    tokio::time::sleep(longest.mul_f32(fastrand::f32())).await;
}

fn address(record: &Record) -> Result<ServiceAccountEmail, Kind> {
    ServiceAccountEmail::parse(record.email.as_str()).map_err(|_| Kind::Unreadable)
}
