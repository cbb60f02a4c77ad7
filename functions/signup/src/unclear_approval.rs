//! Accounts that cannot be approved, because Google neither has their approval nor asks for it.

use approval::ApprovalError;
use marketplace::ProcurementAccountId;

/// Alerts the operator if only they can settle it: no visit and no reconciliation does.
pub(crate) fn report_unclear(account: &ProcurementAccountId, error: &ApprovalError) {
    if matches!(error, ApprovalError::Unclear) {
        tracing::error!(
            account_id = %account,
            "a customer has registered, and Google does not take the approval of their account: \
             `operator waiting` shows the account and what can be done"
        );
    }
}
