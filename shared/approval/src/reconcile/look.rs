//! One look at one resource.

use google_calls::Causes;
use marketplace::{EntitlementId, ProcurementAccountId};
use procurement::ProcurementError;

use crate::decide::{Absence, Answer, Order};
use crate::follow::absence;
use crate::{FollowError, Followed, Follower, Visit};
use marketplace::At;

/// One resource to look at.
pub(super) enum Subject {
    /// An account, as it was listed or to be asked for.
    Account(ProcurementAccountId, Option<Box<procurement::Account>>),
    /// An entitlement, as it was listed or to be asked for.
    Entitlement(EntitlementId, Option<Box<Order>>),
    /// A tombstone, which may have leftovers.
    Buried(ProcurementAccountId),
    /// What Google did not find before.
    Absence(String),
}

impl Follower {
    pub(super) async fn look_at(&self, subject: Subject, at: At) -> Result<Followed, FollowError> {
        let name = subject.name();
        let followed = match subject {
            Subject::Account(id, None) => self.account(&id, Visit::RECONCILIATION, at).await,
            Subject::Account(id, Some(account)) => {
                let answer = Answer::Found(*account);
                self.follow_account(&id, &answer, Visit::RECONCILIATION, at)
                    .await
            }
            Subject::Entitlement(id, None) => {
                self.entitlement(&id, Visit::RECONCILIATION, at).await
            }
            Subject::Entitlement(id, Some(order)) => {
                let answer = Answer::Found(*order);
                self.follow_entitlement(&id, &answer, Visit::RECONCILIATION, at)
                    .await
            }
            Subject::Buried(id) => self.erase(&id, at).await.map(|()| Followed::Unchanged),
            Subject::Absence(resource) => self.look_again(&resource, at).await,
        };
        match &followed {
            Ok(Followed::Changed) => tracing::info!(resource = name, "reconciliation repaired"),
            Ok(_) => {}
            Err(error) => tracing::warn!(
                resource = name,
                error = %Causes(error),
                "reconciliation could not repair"
            ),
        }
        followed
    }

    /// What Google did not find before: still not, or after all?
    async fn look_again(&self, resource: &str, at: At) -> Result<Followed, FollowError> {
        let is_absent = match parse(resource) {
            Some(Subject::Account(id, _)) => {
                is_absent(self.procurement.account(&id, at.deadline).await)?
            }
            Some(Subject::Entitlement(id, _)) => {
                is_absent(self.procurement.entitlement(&id, at.deadline).await)?
            }
            _ => true,
        };
        if !is_absent {
            self.forget_absence(resource, at).await?;
            return Ok(Followed::Changed);
        }
        let gone = Absence::Confirmed;
        match parse(resource) {
            Some(Subject::Account(id, _)) => {
                let answer = Answer::Absent(gone, at.now);
                self.follow_account(&id, &answer, Visit::RECONCILIATION, at)
                    .await?;
            }
            Some(Subject::Entitlement(id, _)) => {
                let answer = Answer::Absent(gone, at.now);
                self.follow_entitlement(&id, &answer, Visit::RECONCILIATION, at)
                    .await?;
            }
            _ => {}
        }
        self.confirm_absence(resource, at).await?;
        Ok(Followed::Changed)
    }
}

impl Subject {
    fn name(&self) -> String {
        match self {
            Self::Account(id, _) | Self::Buried(id) => absence::account(id),
            Self::Entitlement(id, _) => absence::entitlement(id),
            Self::Absence(resource) => resource.clone(),
        }
    }
}

fn parse(resource: &str) -> Option<Subject> {
    match resource.split_once('/')? {
        ("accounts", id) => Some(Subject::Account(
            ProcurementAccountId::parse(id).ok()?,
            None,
        )),
        ("entitlements", id) => Some(Subject::Entitlement(EntitlementId::parse(id).ok()?, None)),
        _ => None,
    }
}

fn is_absent<T>(fetched: Result<T, ProcurementError>) -> Result<bool, FollowError> {
    match fetched {
        Ok(_) => Ok(false),
        Err(ProcurementError::NotFound(_)) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
