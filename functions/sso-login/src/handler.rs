//! The function, put together.

use customer_entry::{Entrance, FrontDoor, SignInPaths};
use google_calls::{Credentials, Http};
use marketplace::Products;
use store::{Purpose, Store};

use crate::config::Config;
use crate::paths;

/// Login.
pub struct Handler {
    pub(crate) entrance: Entrance,
    pub(crate) store: Store,
    pub(crate) products: Products,
}

const DOOR: FrontDoor = FrontDoor {
    name: "login",
    purpose: Purpose::Login,
    sign_in: SignInPaths {
        callback: paths::CALLBACK,
        again: paths::SIGN_IN_AGAIN,
    },
};

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let Config { base, entry, .. } = config;
    let credentials = Credentials::new(&base.google);
    Handler {
        entrance: Entrance::new(DOOR, entry, &base, Http::new(), credentials, store.clone()),
        store,
        products: config.products,
    }
}
