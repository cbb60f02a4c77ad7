//! What the function works with, and how it is put together.

use approval::Approvals;
use google_calls::{Credentials, GoogleApi, Http};
use jiff::SignedDuration;
use lifecycle::Lifecycle;
use outbox::Outbox;
use service_accounts::ServiceAccounts;
use store::Store;
use verification::{IdentityVerifier, KeySet};

use crate::config::{Config, EarlierOrders};

/// Procurement events. Its methods are the endpoints; `routes.rs` lists them.
pub struct Handler {
    pub(crate) push: IdentityVerifier,
    pub(crate) scheduler: IdentityVerifier,
    pub(crate) store: Store,
    pub(crate) approvals: Approvals,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) outbox: Outbox,
    pub(crate) erase_after: SignedDuration,
    pub(crate) earlier_orders: EarlierOrders,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let google = &config.base.google;
    let http = Http::new();
    let credentials = Credentials::new(google);
    let keys = KeySet::google_identity(google, http.clone());
    let service_accounts = ServiceAccounts::new(google, credentials.clone());
    let api = GoogleApi::new(http, credentials);
    let (approvals, outbox) = config.approval.build(&store, google, api);
    let verifier = |callers| IdentityVerifier::new(keys.clone(), config.audience.clone(), callers);
    Handler {
        push: verifier(config.push),
        scheduler: verifier(config.scheduler),
        store,
        lifecycle: Lifecycle::new(approvals.clone(), outbox.clone(), service_accounts),
        approvals,
        outbox,
        erase_after: config.erase_after,
        earlier_orders: config.earlier_orders,
    }
}
