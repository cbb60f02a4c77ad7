//! What lines of the journal are about.

use crate::documents::value::stored_names;

/// What a line of the journal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalKind {
    /// An operator approved a sign-up.
    AccountApproved,
    /// An operator rejected a sign-up.
    AccountRejected,
    /// Google approves an account that an operator had rejected.
    RejectionOverruled,
    /// An operator approved an order.
    OrderApproved,
    /// An operator rejected an order.
    OrderRejected,
    /// An operator approved a change of plan.
    PlanChangeApproved,
    /// An operator rejected a change of plan.
    PlanChangeRejected,
    /// An operator wrote to the buyer.
    MessageShown,
    /// An operator accepted that Google does not have resources any more.
    AbsenceAccepted,
    /// The account was closed.
    AccountClosed,
    /// The account was reopened.
    AccountReopened,
    /// Personal data was erased: the receipt.
    AccountErased,
    /// An operator put erasing on hold.
    EraseHeld,
    /// An operator asked to erase without further waiting.
    EraseAsked,
    /// An order was closed, since Google does not find it any more.
    OrderClosed,
    /// Google has the order again.
    OrderReopened,
    /// Google moved the order to another account.
    OrderMoved,
    /// An operator had the present state published again.
    Announced,
    /// An operator had held usage reported.
    UsageReleased,
    /// An operator had refused usage reported again.
    UsageRetried,
    /// A message that nothing can be done about was kept.
    MessageKept,
    /// The store was given to a provider.
    ProviderAdopted,
    /// An operator brought in users whom another integration had linked.
    LinksImported,
}

stored_names! {
    /// The kind as it is stored and shown.
    JournalKind: AccountApproved = "account-approved", AccountRejected = "account-rejected",
        RejectionOverruled = "rejection-overruled", OrderApproved = "order-approved",
        OrderRejected = "order-rejected", PlanChangeApproved = "plan-change-approved",
        PlanChangeRejected = "plan-change-rejected", MessageShown = "message-shown",
        AbsenceAccepted = "absence-accepted", AccountClosed = "account-closed",
        AccountReopened = "account-reopened", AccountErased = "account-erased", EraseHeld = "erase-held",
        EraseAsked = "erase-asked", OrderClosed = "order-closed", OrderReopened = "order-reopened",
        OrderMoved = "order-moved", Announced = "announced", UsageReleased = "usage-released",
        UsageRetried = "usage-retried", MessageKept = "message-kept", ProviderAdopted = "provider-adopted",
        LinksImported = "links-imported"
}
