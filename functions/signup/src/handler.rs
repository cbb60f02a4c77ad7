//! The function, put together.

use approval::Approvals;
use customer_entry::{Entrance, FrontDoor, SignInPaths};
use google_calls::{Credentials, GoogleApi, Http};
use outbox::Outbox;
use store::{Purpose, Store};

use crate::config::{Config, Mode};
use crate::paths;

/// Sign-up.
pub struct Handler {
    pub(crate) entrance: Entrance,
    pub(crate) store: Store,
    pub(crate) approvals: Approvals,
    pub(crate) outbox: Outbox,
    pub(crate) mode: Mode,
}

const DOOR: FrontDoor = FrontDoor {
    name: "signup",
    purpose: Purpose::Signup,
    sign_in: SignInPaths {
        callback: paths::CALLBACK,
        again: paths::SIGN_IN_AGAIN,
    },
};

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let Config { base, entry, .. } = config;
    let http = Http::new();
    let credentials = Credentials::new(&base.google);
    let api = GoogleApi::new(http.clone(), credentials.clone());
    let (approvals, outbox) = config.approval.build(&store, &base.google, api);
    Handler {
        entrance: Entrance::new(DOOR, entry, &base, http, credentials, store.clone()),
        store,
        approvals,
        outbox,
        mode: config.mode,
    }
}
