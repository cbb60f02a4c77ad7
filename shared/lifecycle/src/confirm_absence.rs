//! Confirms that Google does not have a stored resource any more: after a long time, by another look, while Google
//! finds other accounts, and never for many at once unless an operator has accepted it.

use marketplace::{At, ProcurementAccountId};
use procurement::ProcurementError;
use store::{Absence, Account, Entitlement};

use crate::decide::{Absent, ResourceAnswer, Stock, StockKind, is_confirmable};
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

/// Accounts that are asked for at most until Google finds one.
const CONTROLS: usize = 5;

/// Stored accounts that are read at once to find these.
const READ: usize = 100;

/// What became of an absence that is old enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Google has it after all.
    Found,
    /// It was ended.
    Confirmed,
    /// It has not been absent for long. By its own clock this instance thought so.
    Young,
    /// Too many others are absent too.
    Braked(StockKind),
    /// There are no current figures yet.
    NotCounted,
    /// Google finds no other account either, or there is none.
    NoControl,
}

impl Confirmation {
    /// The name under which it is logged.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Confirmed => "confirmed",
            Self::Young => "not-absent-for-long",
            Self::Braked(StockKind::Accounts) => "too-many-accounts-absent",
            Self::Braked(StockKind::Orders) => "too-many-orders-absent",
            Self::NotCounted => "not-counted-yet",
            Self::NoControl => "no-other-account-found",
        }
    }
}

impl Lifecycle {
    /// Whether an absence is old enough for [`confirm_absence`](Self::confirm_absence), by this instance's clock. That
    /// asks the clock that all instances share.
    pub fn is_confirmable(absence: Absence, at: At) -> bool {
        is_confirmable(absence, at.now)
    }

    /// Asks once more for a resource that has been absent for long, and ends it if nothing speaks against it.
    pub async fn confirm_absence(
        &self,
        resource: &Resource,
        absence: Absence,
        stock: Option<Stock>,
        at: At,
    ) -> Result<Confirmation, SyncError> {
        let request = SyncRequest::by_reconciliation(at);
        if self.sync(resource, request).await? != SyncOutcome::Absent {
            return Ok(Confirmation::Found);
        }
        let now = self.shared_now(at).await?;
        if !is_confirmable(absence, now) {
            return Ok(Confirmation::Young);
        }
        if absence.accepted.is_none()
            && let Some(obstacle) = self.obstacle(resource, stock, at).await?
        {
            return Ok(obstacle);
        }
        let outcome = match resource {
            Resource::Account(id) => {
                let answer = ResourceAnswer::Absent(Absent::Confirmed, now);
                self.apply_account(id, &answer, request).await?
            }
            Resource::Entitlement(id) => {
                let answer = ResourceAnswer::Absent(Absent::Confirmed, now);
                self.apply_entitlement(id, &answer, request).await?
            }
        };
        Ok(match outcome {
            SyncOutcome::Changed => Confirmation::Confirmed,
            _ => Confirmation::Found,
        })
    }

    async fn obstacle(
        &self,
        resource: &Resource,
        stock: Option<Stock>,
        at: At,
    ) -> Result<Option<Confirmation>, SyncError> {
        let Some(stock) = stock else {
            return Ok(Some(Confirmation::NotCounted));
        };
        if let Some(kind) = stock.brakes() {
            return Ok(Some(Confirmation::Braked(kind)));
        }
        let found = self.finds_another_account(resource.account(), at).await?;
        Ok((!found).then_some(Confirmation::NoControl))
    }

    /// Whether Google finds a stored live account other than this one.
    pub async fn finds_another_account(
        &self,
        this: Option<&ProcurementAccountId>,
        at: At,
    ) -> Result<bool, SyncError> {
        let is_control = |account: &Account| {
            self.is_looked_at(account)
                && account.absent.is_none()
                && this.is_none_or(|this| account.id != *this)
        };
        let (mut after, mut left) = (None, CONTROLS);
        loop {
            let page = self
                .store
                .walk_accounts(after.as_deref(), READ, at.deadline);
            let page = page.await?;
            let accounts = page.records.into_iter().map(|stored| stored.record);
            for account in accounts.filter(is_control) {
                match self.procurement.account(&account.id, at.deadline).await {
                    Ok(_) => return Ok(true),
                    Err(ProcurementError::NotFound(_)) => left -= 1,
                    Err(error) => return Err(error.into()),
                }
                if left == 0 {
                    return Ok(false);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(false);
            }
        }
    }

    /// Whether an account is open and of this provider.
    pub fn is_looked_at(&self, account: &Account) -> bool {
        !account.is_closed() && account.is_of(self.provider())
    }

    /// Whether an order has not ended and is of this provider.
    pub fn is_order_looked_at(&self, order: &Entitlement) -> bool {
        !order.has_ended() && order.is_of(self.provider())
    }
}
