//! The types of messages that the Marketplace sends.

/// A documented type of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Deprecated by Google, and never sent by the simulator itself.
    AccountCreationRequested,
    /// Google created the customer's account.
    AccountActive,
    /// The account is gone.
    AccountDeleted,
    /// An order waits for the vendor's approval.
    CreationRequested,
    /// An offer, standard or private, was accepted; it may start later.
    OfferAccepted,
    /// In force.
    Active,
    /// A change of plan waits for the vendor's approval.
    PlanChangeRequested,
    /// The new plan is in force.
    PlanChanged,
    /// The old plan goes on.
    PlanChangeCancelled,
    /// Ends with the term.
    PendingCancellation,
    /// Does not end with the term after all.
    CancellationReverted,
    /// Is being cancelled.
    Cancelling,
    /// Ended.
    Cancelled,
    /// The next term began.
    Renewed,
    /// The private offer ran out.
    OfferEnded,
    /// The record is gone.
    Deleted,
}

impl EventKind {
    /// Every documented type.
    pub const ALL: [Self; 16] = [
        Self::AccountCreationRequested,
        Self::AccountActive,
        Self::AccountDeleted,
        Self::CreationRequested,
        Self::OfferAccepted,
        Self::Active,
        Self::PlanChangeRequested,
        Self::PlanChanged,
        Self::PlanChangeCancelled,
        Self::PendingCancellation,
        Self::CancellationReverted,
        Self::Cancelling,
        Self::Cancelled,
        Self::Renewed,
        Self::OfferEnded,
        Self::Deleted,
    ];

    /// The type as it stands in `eventType`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreationRequested => "ACCOUNT_CREATION_REQUESTED",
            Self::AccountActive => "ACCOUNT_ACTIVE",
            Self::AccountDeleted => "ACCOUNT_DELETED",
            Self::CreationRequested => "ENTITLEMENT_CREATION_REQUESTED",
            Self::OfferAccepted => "ENTITLEMENT_OFFER_ACCEPTED",
            Self::Active => "ENTITLEMENT_ACTIVE",
            Self::PlanChangeRequested => "ENTITLEMENT_PLAN_CHANGE_REQUESTED",
            Self::PlanChanged => "ENTITLEMENT_PLAN_CHANGED",
            Self::PlanChangeCancelled => "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
            Self::PendingCancellation => "ENTITLEMENT_PENDING_CANCELLATION",
            Self::CancellationReverted => "ENTITLEMENT_CANCELLATION_REVERTED",
            Self::Cancelling => "ENTITLEMENT_CANCELLING",
            Self::Cancelled => "ENTITLEMENT_CANCELLED",
            Self::Renewed => "ENTITLEMENT_RENEWED",
            Self::OfferEnded => "ENTITLEMENT_OFFER_ENDED",
            Self::Deleted => "ENTITLEMENT_DELETED",
        }
    }

    /// Whether it is about an account rather than an entitlement.
    pub const fn is_of_account(self) -> bool {
        matches!(
            self,
            Self::AccountCreationRequested | Self::AccountActive | Self::AccountDeleted
        )
    }
}
