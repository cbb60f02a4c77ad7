//! The Google accounts that there are.

use marketplace::UserIdentity;

use super::{MarketplaceState, User};

/// The Google account of a person who belongs to no customer.
const STRANGER: &str = "100000000000000000001";

impl MarketplaceState {
    /// Everybody who can sign in: the users of every customer, newest customer first, then the stranger.
    pub(crate) fn people(&self) -> Vec<User> {
        let mut people: Vec<User> = Vec::new();
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.reverse();
        for user in accounts.into_iter().flat_map(|account| &account.users) {
            if people.iter().all(|known| known.identity != user.identity) {
                people.push(user.clone());
            }
        }
        people.push(outsider(stranger()));
        people
    }

    /// The person with this identity, who need not belong to a customer.
    pub(crate) fn person(&self, identity: &UserIdentity) -> User {
        let people = self.people().into_iter();
        let mut found = people.filter(|user| &user.identity == identity);
        found.next().unwrap_or_else(|| outsider(identity.clone()))
    }
}

/// The person who comes back from the account chooser where a test wants the wrong one.
#[expect(clippy::expect_used, reason = "digits are a valid id")]
pub(crate) fn stranger() -> UserIdentity {
    UserIdentity::parse(STRANGER).expect("digits are a valid id")
}

pub(crate) fn outsider(identity: UserIdentity) -> User {
    User {
        identity,
        name: "Somebody Else".to_owned(),
        email: "somebody.else@elsewhere.example".to_owned(),
        roles: Vec::new(),
    }
}
