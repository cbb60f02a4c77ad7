//! The Google accounts that there are.

use marketplace::UserIdentity;

use crate::state::User;
use crate::world::World;

/// The Google account of somebody who is nobody's customer.
const STRANGER: &str = "100000000000000000001";

impl World {
    /// Everybody who can sign in: the users of every customer, newest customer first, then the stranger.
    pub(super) fn people(&self) -> Vec<User> {
        let mut people: Vec<User> = Vec::new();
        self.read(|state| {
            let mut accounts: Vec<_> = state.accounts.iter().collect();
            accounts.reverse();
            for user in accounts.into_iter().flat_map(|account| &account.users) {
                if people.iter().all(|known| known.identity != user.identity) {
                    people.push(user.clone());
                }
            }
        });
        people.push(outsider(stranger()));
        people
    }

    /// The person with this identity; one that no customer has is somebody all the same.
    pub(crate) fn person(&self, identity: &UserIdentity) -> User {
        let people = self.people().into_iter();
        let mut found = people.filter(|user| &user.identity == identity);
        found.next().unwrap_or_else(|| outsider(identity.clone()))
    }
}

/// Who comes back from the chooser if somebody else shall.
#[expect(clippy::expect_used, reason = "digits are a valid id")]
pub(crate) fn stranger() -> UserIdentity {
    UserIdentity::parse(STRANGER).expect("digits are a valid id")
}

fn outsider(identity: UserIdentity) -> User {
    User {
        identity,
        name: "Somebody Else".to_owned(),
        email: "somebody.else@elsewhere.example".to_owned(),
        roles: Vec::new(),
    }
}
