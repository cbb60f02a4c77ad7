//! What a verified Marketplace token says.

use jiff::Timestamp;
use marketplace::{EntitlementId, ProcurementAccountId, Role, TokenFingerprint, UserIdentity};
use serde::{Deserialize, Serialize};

/// A customer as Google vouches for them, here and now.
///
/// Only verification makes one, so a function that takes one cannot be called with claims that nobody
/// checked. It is not kept as it is: what is stored are its [`parts`](Self::parts).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCustomer(CustomerParts);

/// A verified customer as plain data, which proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerParts {
    /// The procurement account: `sub`.
    pub account: ProcurementAccountId,
    /// The user at the browser: `google.user_identity`, unless it was absent or empty.
    pub user: Option<UserIdentity>,
    /// What the user may do in the account: `google.roles`. May be empty.
    pub roles: Vec<Role>,
    /// The orders the token is about: `google.orders`, equal to entitlement ids. Empty unless the
    /// product takes several orders.
    pub orders: Vec<EntitlementId>,
    /// What names the token.
    pub fingerprint: TokenFingerprint,
    /// `iat`.
    pub issued_at: Timestamp,
    /// `exp`.
    pub expires_at: Timestamp,
}

impl VerifiedCustomer {
    pub(crate) const fn new(parts: CustomerParts) -> Self {
        Self(parts)
    }

    /// The procurement account that bought.
    pub fn account(&self) -> &ProcurementAccountId {
        &self.0.account
    }

    /// The user, if the token names one. Without one nobody can be linked.
    pub fn user(&self) -> Option<&UserIdentity> {
        self.0.user.as_ref()
    }

    /// The user's roles in that account.
    pub fn roles(&self) -> &[Role] {
        &self.0.roles
    }

    /// The orders the token is about.
    pub fn orders(&self) -> &[EntitlementId] {
        &self.0.orders
    }

    /// What names the token, to recognise a replay.
    pub fn fingerprint(&self) -> TokenFingerprint {
        self.0.fingerprint
    }

    /// When Google issued the token.
    pub fn issued_at(&self) -> Timestamp {
        self.0.issued_at
    }

    /// When the token ends.
    pub fn expires_at(&self) -> Timestamp {
        self.0.expires_at
    }

    /// A copy to store.
    pub fn parts(&self) -> CustomerParts {
        self.0.clone()
    }

    /// A customer who was verified before, from what was stored then. For the store of sessions only:
    /// any other caller trusts its own input.
    pub fn restore(parts: CustomerParts) -> Self {
        Self(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> CustomerParts {
        CustomerParts {
            account: ProcurementAccountId::parse("account").unwrap(),
            user: Some(UserIdentity::parse("108437912365498732145").unwrap()),
            roles: vec![Role::AccountAdmin],
            orders: vec![EntitlementId::parse("order").unwrap()],
            fingerprint: TokenFingerprint::new([7; 32]),
            issued_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn who_the_user_is_is_not_shown() {
        let shown = format!("{:?}", VerifiedCustomer::new(parts()));
        assert!(shown.contains("account"));
        assert!(!shown.contains("1084"), "{shown}");
    }

    #[test]
    fn a_stored_customer_comes_back_as_it_was() {
        let stored = serde_json::to_string(&parts()).unwrap();
        let customer = VerifiedCustomer::new(serde_json::from_str(&stored).unwrap());
        assert_eq!(customer.parts(), parts());
    }

    #[test]
    fn stored_parts_that_are_no_ids_are_refused() {
        let stored = serde_json::to_string(&parts()).unwrap();
        let broken = stored.replace("\"account\":\"account\"", "\"account\":\"a/b\"");
        assert_ne!(stored, broken);
        assert!(serde_json::from_str::<CustomerParts>(&broken).is_err());
    }
}
