//! Sign in with Google for web servers: OAuth 2.0 with OpenID Connect, by the authorization code.
//!
//! | address | answers |
//! |---|---|
//! | `accounts.google.com/o/oauth2/v2/auth` | the browser: [`browser`], which asks [`authorization`] what was asked for |
//! | `oauth2.googleapis.com/token` | the program: [`exchange()`] |
//! | `openidconnect.googleapis.com/v1/userinfo`, `www.googleapis.com/oauth2/{v2,v3}/userinfo` | the program: [`user_info()`] |

mod authorization;
mod browser;
mod client;
mod exchange;
mod grants;
mod pages;
mod parameters;
mod people;
mod refusal;
mod scope;
mod sessions;
mod switches;
mod user_info;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use browser::browse;
pub(crate) use exchange::exchange;
pub(crate) use people::stranger;
pub(crate) use user_info::{UserInfoForm, user_info};

pub use client::OAuthClient;
pub use refusal::SignInRefused;
pub use switches::Chooser;

use grants::Grants;
use sessions::Sessions;
pub(crate) use switches::Switches;

/// What Google remembers of sign-ins.
#[derive(Default)]
pub(crate) struct SignIns {
    /// Registered after the start, beside those of the settings.
    redirect_uris: Mutex<BTreeSet<String>>,
    grants: Mutex<Grants>,
    sessions: Mutex<Sessions>,
    switches: Mutex<Switches>,
}

impl SignIns {
    pub(crate) fn register(&self, redirect_uri: &str) {
        lock(&self.redirect_uris).insert(redirect_uri.to_owned());
    }

    pub(crate) fn expire_codes(&self) {
        self.grants().expire_codes();
    }

    pub(crate) fn switches(&self) -> MutexGuard<'_, Switches> {
        lock(&self.switches)
    }

    /// Whether the program may have its customers sent back here. Google compares the texts.
    fn is_registered(&self, client: &OAuthClient, redirect_uri: &str) -> bool {
        client.redirect_uris.iter().any(|uri| uri == redirect_uri)
            || lock(&self.redirect_uris).contains(redirect_uri)
    }

    fn grants(&self) -> MutexGuard<'_, Grants> {
        lock(&self.grants)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
