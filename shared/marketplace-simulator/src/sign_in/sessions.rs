//! Who is signed in to the simulated Google in which browser, and what was consented to.

use std::collections::{BTreeMap, BTreeSet};

use marketplace::UserIdentity;

use super::authorization::Authorization;
use super::scope::Scope;
use crate::random;

/// Browsers by their cookie, and consents, which are a person's in every browser.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    signed_in: BTreeMap<String, UserIdentity>,
    consents: BTreeSet<(UserIdentity, Scope)>,
}

impl Sessions {
    /// The one user who is signed in in this browser.
    pub(crate) fn user(&self, cookie: &str) -> Option<UserIdentity> {
        self.signed_in.get(cookie).cloned()
    }

    /// A new session; the one before in the same browser ends.
    pub(crate) fn sign_in(&mut self, before: &str, user: &UserIdentity) -> String {
        self.signed_in.remove(before);
        let cookie = random::token();
        self.signed_in.insert(cookie.clone(), user.clone());
        cookie
    }

    /// Whether the user has allowed all of this before.
    pub(crate) fn has_consent(&self, user: &UserIdentity, wanted: &Authorization) -> bool {
        let mut scopes = wanted.scopes.iter();
        scopes.all(|scope| self.consents.contains(&(user.clone(), *scope)))
    }

    pub(crate) fn consent(&mut self, user: &UserIdentity, wanted: &Authorization) {
        let scopes = wanted.scopes.iter().map(|scope| (user.clone(), *scope));
        self.consents.extend(scopes);
    }
}
