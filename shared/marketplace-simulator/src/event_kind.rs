//! The types of messages that the Marketplace sends.

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)+) => {
        /// A documented type of message.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $kind,)+
        }

        impl EventKind {
            /// Every documented type.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The type as it stands in `eventType`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }
    };
}

event_kinds! {
    /// Deprecated by Google, and never sent by the simulator itself.
    AccountCreationRequested = "ACCOUNT_CREATION_REQUESTED",
    /// Google created the customer's account, or the vendor has approved its sign-up.
    AccountActive = "ACCOUNT_ACTIVE",
    /// The account is gone.
    AccountDeleted = "ACCOUNT_DELETED",
    /// An order waits for the vendor's approval.
    CreationRequested = "ENTITLEMENT_CREATION_REQUESTED",
    /// An offer, standard or private, was accepted; it may start later.
    OfferAccepted = "ENTITLEMENT_OFFER_ACCEPTED",
    /// In force.
    Active = "ENTITLEMENT_ACTIVE",
    /// A change of plan waits for the vendor's approval.
    PlanChangeRequested = "ENTITLEMENT_PLAN_CHANGE_REQUESTED",
    /// The new plan is in force.
    PlanChanged = "ENTITLEMENT_PLAN_CHANGED",
    /// The old plan goes on.
    PlanChangeCancelled = "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
    /// Ends with the term.
    PendingCancellation = "ENTITLEMENT_PENDING_CANCELLATION",
    /// Does not end with the term after all.
    CancellationReverted = "ENTITLEMENT_CANCELLATION_REVERTED",
    /// Is being cancelled.
    Cancelling = "ENTITLEMENT_CANCELLING",
    /// Ended.
    Cancelled = "ENTITLEMENT_CANCELLED",
    /// The next term began.
    Renewed = "ENTITLEMENT_RENEWED",
    /// The private offer ran out.
    OfferEnded = "ENTITLEMENT_OFFER_ENDED",
    /// The record is gone.
    Deleted = "ENTITLEMENT_DELETED",
}

impl EventKind {
    /// Whether it is about an account rather than an entitlement.
    pub const fn is_of_account(self) -> bool {
        matches!(
            self,
            Self::AccountCreationRequested | Self::AccountActive | Self::AccountDeleted
        )
    }
}
