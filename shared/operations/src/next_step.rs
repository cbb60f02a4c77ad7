//! What an operator may want to do next.

use marketplace::{EntitlementId, ProcurementAccountId};

/// Another operation, which the command line names as a command and a page as a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Approve the sign-up of an account.
    ApproveAccount(ProcurementAccountId),
    /// Approve an order.
    ApproveOrder(EntitlementId),
    /// Report an operation again that Google refused.
    RetryUsage(String),
    /// Report an operation that is held.
    ReleaseUsage(String),
}
