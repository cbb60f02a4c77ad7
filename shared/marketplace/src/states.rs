//! States of the Procurement API's resources, each open for values that Google adds later.
//!
//! Source: discovery document of `cloudcommerceprocurement` v1, schemas `Account`, `Approval` and
//! `Entitlement`.

use serde::{Deserialize, Serialize};

macro_rules! state {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A state this version does not know, as Google wrote it.
            Other(String),
        }

        impl $name {
            /// Every state this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The state as the Procurement API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }

        impl From<$name> for String {
            fn from(state: $name) -> Self {
                state.as_str().to_owned()
            }
        }
    };
}

state! {
    /// State of a procurement account. Accounts are born active: whether the customer has signed
    /// up is said by the approval `signup`, never by this.
    AccountState {
        /// Not yet usable. Deprecated by Google.
        ActivationRequested = "ACCOUNT_ACTIVATION_REQUESTED",
        /// The account exists and is in use.
        Active = "ACCOUNT_ACTIVE",
    }
}

state! {
    /// State of one approval of an account.
    ApprovalState {
        /// Waits for us.
        Pending = "PENDING",
        /// Given.
        Approved = "APPROVED",
        /// Refused. It can still be approved later.
        Rejected = "REJECTED",
    }
}

state! {
    /// State of an entitlement.
    EntitlementState {
        /// Waits for our approval.
        ActivationRequested = "ENTITLEMENT_ACTIVATION_REQUESTED",
        /// In force.
        Active = "ENTITLEMENT_ACTIVE",
        /// In force until the end of its term.
        PendingCancellation = "ENTITLEMENT_PENDING_CANCELLATION",
        /// Ended.
        Cancelled = "ENTITLEMENT_CANCELLED",
        /// In force; a change of plan takes effect at the end of the term.
        PendingPlanChange = "ENTITLEMENT_PENDING_PLAN_CHANGE",
        /// In force; a change of plan waits for our approval.
        PendingPlanChangeApproval = "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL",
        /// Access is withheld, for example after an unpaid bill.
        Suspended = "ENTITLEMENT_SUSPENDED",
    }
}

impl EntitlementState {
    /// Whether the customer may use what was bought: an entitlement in force, whatever is about to
    /// change.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Active
                | Self::PendingCancellation
                | Self::PendingPlanChange
                | Self::PendingPlanChangeApproval
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_keep_their_text() {
        for state in EntitlementState::KNOWN {
            assert_eq!(&EntitlementState::from(state.as_str().to_owned()), state);
        }
        let unknown = EntitlementState::from("ENTITLEMENT_PAUSED".to_owned());
        assert_eq!(
            unknown,
            EntitlementState::Other("ENTITLEMENT_PAUSED".to_owned())
        );
        assert_eq!(unknown.as_str(), "ENTITLEMENT_PAUSED");
    }

    #[test]
    fn only_entitlements_in_force_are_live() {
        let live: Vec<_> = EntitlementState::KNOWN
            .iter()
            .filter(|s| s.is_live())
            .map(EntitlementState::as_str)
            .collect();
        assert_eq!(
            live,
            [
                "ENTITLEMENT_ACTIVE",
                "ENTITLEMENT_PENDING_CANCELLATION",
                "ENTITLEMENT_PENDING_PLAN_CHANGE",
                "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL",
            ]
        );
        assert!(!EntitlementState::from("ENTITLEMENT_PAUSED".to_owned()).is_live());
    }
}
