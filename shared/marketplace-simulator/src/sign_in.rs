//! What Google remembers of sign-ins, and how it reads what a program asks for.
//!
//! The endpoints that answer browsers and programs are in [`apis`](crate::apis).

mod authorization;
mod issued;
mod parameters;
mod refusal;
mod scope;
mod sessions;
mod switches;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

pub(crate) use authorization::{Authorization, Prompt};
pub(crate) use issued::{CodeGrant, UserAccess};
pub(crate) use parameters::Parameters;
pub use refusal::SignInRefused;
pub(crate) use scope::Scope;
pub use switches::Chooser;
pub(crate) use switches::Switches;

use crate::settings::OAuthClient;
use crate::sync::lock;
use issued::Issued;
use sessions::Sessions;

#[derive(Default)]
pub(crate) struct SignIns {
    /// Registered after the start, beside those of the settings.
    redirect_uris: Mutex<BTreeSet<String>>,
    issued: Mutex<Issued>,
    sessions: Mutex<Sessions>,
    switches: Mutex<Switches>,
}

impl SignIns {
    pub(crate) fn register(&self, redirect_uri: &str) {
        lock(&self.redirect_uris).insert(redirect_uri.to_owned());
    }

    pub(crate) fn expire_codes(&self) {
        self.issued().expire_codes();
    }

    pub(crate) fn switches(&self) -> MutexGuard<'_, Switches> {
        lock(&self.switches)
    }

    /// Whether the program may have its customers sent back here. Google compares the texts.
    fn is_registered(&self, client: &OAuthClient, redirect_uri: &str) -> bool {
        client.redirect_uris.iter().any(|uri| uri == redirect_uri)
            || lock(&self.redirect_uris).contains(redirect_uri)
    }

    pub(crate) fn issued(&self) -> MutexGuard<'_, Issued> {
        lock(&self.issued)
    }

    pub(crate) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }
}
