//! The types of the Marketplace's events.

macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The documented types of events.
        ///
        /// What follows from an event is decided by what Google says about the resource when it is asked. The type only
        /// matters if Google says that there is no such resource.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventType {
            $($(#[$doc])* $variant,)*
        }

        impl EventType {
            /// Every documented type.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The type as messages write it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

event_types! {
    /// Deprecated: accounts become active at once.
    AccountCreationRequested = "ACCOUNT_CREATION_REQUESTED",
    /// Google created the customer's account. That says nothing about a sign-up.
    AccountActive = "ACCOUNT_ACTIVE",
    /// Google deleted it.
    AccountDeleted = "ACCOUNT_DELETED",
    /// The customer chose a plan.
    CreationRequested = "ENTITLEMENT_CREATION_REQUESTED",
    /// The customer accepted an offer, which may begin later.
    OfferAccepted = "ENTITLEMENT_OFFER_ACCEPTED",
    /// It came into force.
    Active = "ENTITLEMENT_ACTIVE",
    /// The customer chose another plan.
    PlanChangeRequested = "ENTITLEMENT_PLAN_CHANGE_REQUESTED",
    /// The other plan is in force.
    PlanChanged = "ENTITLEMENT_PLAN_CHANGED",
    /// The old plan stays.
    PlanChangeCancelled = "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
    /// It will end with its term.
    PendingCancellation = "ENTITLEMENT_PENDING_CANCELLATION",
    /// It will not end with its term.
    CancellationReverted = "ENTITLEMENT_CANCELLATION_REVERTED",
    /// It is about to end.
    Cancelling = "ENTITLEMENT_CANCELLING",
    /// It has ended.
    Cancelled = "ENTITLEMENT_CANCELLED",
    /// Its next term began.
    Renewed = "ENTITLEMENT_RENEWED",
    /// The private offer ran out.
    OfferEnded = "ENTITLEMENT_OFFER_ENDED",
    /// Google purged the record.
    Deleted = "ENTITLEMENT_DELETED",
}

impl EventType {
    /// The type written like this, if it is documented.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// Whether events of this type are about an account.
    pub const fn is_about_account(self) -> bool {
        matches!(
            self,
            Self::AccountCreationRequested | Self::AccountActive | Self::AccountDeleted
        )
    }
}
