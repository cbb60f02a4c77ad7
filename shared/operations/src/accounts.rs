//! What the decisions about an account's sign-up have in common.

use marketplace::{ApprovalState, ProcurementAccountId};
use store::{Account, Approval, Stored};

use crate::error::OperationError;
use crate::operations::{Operations, call_deadline};
use crate::text::one_line;

impl Operations {
    /// What Google says about the sign-up of an account.
    pub(crate) async fn sign_up_state(
        &self,
        id: &ProcurementAccountId,
    ) -> Result<ApprovalState, OperationError> {
        let account = self.procurement.account(id, call_deadline()).await?;
        let approval = account.approval(procurement::Approval::SIGN_UP);
        Ok(approval.map_or_else(
            || ApprovalState::Other("without an approval `signup`".to_owned()),
            |approval| approval.state.clone(),
        ))
    }
}

/// The sign-up of an account, as part of a sentence.
pub(crate) fn sign_up(
    id: &ProcurementAccountId,
    stored: Option<&Stored<Account>>,
    at_google: &ApprovalState,
) -> String {
    let account = customer(id, stored);
    let at_google = at_google.as_str();
    format!("the sign-up of {account}, which is {at_google} at Google")
}

fn customer(id: &ProcurementAccountId, stored: Option<&Stored<Account>>) -> String {
    let record = stored.map(|stored| &stored.record);
    match record.map(|record| (record.approval, &record.company)) {
        None | Some((Approval::None, _)) => {
            format!("account {id}, for which nobody has signed up yet")
        }
        Some((_, Some(company))) => {
            format!("account {id} (unverified company: {})", one_line(company))
        }
        Some((_, None)) => format!("account {id}"),
    }
}
