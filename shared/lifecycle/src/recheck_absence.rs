//! Asks Google once more for a resource that it did not find, and closes it if it is still not there.

use marketplace::At;
use procurement::ProcurementError;

use crate::decide::{Absence, ResourceAnswer};
use crate::{Lifecycle, Resource, SyncError, SyncOutcome, SyncRequest};

impl Lifecycle {
    /// Asks again for a resource of [`unconfirmed_absences`](Self::unconfirmed_absences). The caller has made sure
    /// that Google finds other resources at the moment.
    pub async fn recheck_absence(&self, resource: &str, at: At) -> Result<SyncOutcome, SyncError> {
        let deadline = at.deadline;
        let request = SyncRequest::by_reconciliation(at);
        let is_absent = match Resource::parse(resource) {
            Some(Resource::Account(id)) => {
                is_absent(self.procurement.account(&id, deadline).await)?
            }
            Some(Resource::Entitlement(id)) => {
                is_absent(self.procurement.entitlement(&id, deadline).await)?
            }
            None => true,
        };
        if !is_absent {
            self.forget_absence(resource, at).await?;
            return Ok(SyncOutcome::Changed);
        }
        match Resource::parse(resource) {
            Some(Resource::Account(id)) => {
                let answer = ResourceAnswer::Absent(Absence::Confirmed, at.now);
                self.apply_account(&id, &answer, request).await?;
            }
            Some(Resource::Entitlement(id)) => {
                let answer = ResourceAnswer::Absent(Absence::Confirmed, at.now);
                self.apply_entitlement(&id, &answer, request).await?;
            }
            None => {}
        }
        self.confirm_absence(resource, at).await?;
        Ok(SyncOutcome::Changed)
    }
}

fn is_absent<T>(fetched: Result<T, ProcurementError>) -> Result<bool, SyncError> {
    match fetched {
        Ok(_) => Ok(false),
        Err(ProcurementError::NotFound(_)) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
