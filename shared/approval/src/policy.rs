//! What the vendor configured about approval.

/// What happens to entitlements that wait for approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalPolicy {
    /// They are approved as soon as their account is.
    Auto,
    /// They wait for the operator.
    Manual,
}
