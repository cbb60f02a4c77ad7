//! What the function is made of.

use google_calls::{Credentials, Http};
use marketplace::GoogleOrigin;
use marketplace::service_account_page::Registration;
use service_accounts::ServiceAccounts;
use store::Store;
use verification::{IdentityVerifier, KeySet};

use crate::config::Config;
use crate::naming::Naming;

/// Service account links.
pub struct Handler {
    pub(crate) callers: IdentityVerifier,
    pub(crate) google: GoogleOrigin,
    pub(crate) registration: Registration,
    pub(crate) naming: Naming,
    pub(crate) store: Store,
    pub(crate) service_accounts: ServiceAccounts,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let google = config.base.google;
    let keys = KeySet::google_identity(&google, Http::new());
    Handler {
        callers: IdentityVerifier::new(keys, config.audience, config.callers),
        naming: Naming::new(config.project, config.registration.service().clone()),
        registration: config.registration,
        store,
        service_accounts: ServiceAccounts::new(&google, Credentials::new(&google)),
        google,
    }
}
