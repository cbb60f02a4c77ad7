//! What the function is made of.

use google_calls::{Credentials, GoogleApi, Http};
use marketplace::At;
use outbox::Outbox;
use store::{NotOurStore, Ownership, Store};
use verification::{IdentityVerifier, KeySet};

use crate::config::Config;
use crate::recording::{RecordRules, Recorder};
use crate::reporting::{ReportRules, Reporter};
use crate::service_control::ServiceControl;

/// Records usage and reports it to Google.
pub struct Handler {
    pub(crate) callers: IdentityVerifier,
    pub(crate) scheduler: IdentityVerifier,
    pub(crate) store: Store,
    pub(crate) ownership: Ownership,
    pub(crate) outbox: Outbox,
    pub(crate) recorder: Recorder,
    pub(crate) reporter: Reporter,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let google = &config.base.google;
    let http = Http::new();
    let credentials = Credentials::new(google);
    let keys = KeySet::google_identity(google, http.clone());
    let audience = config.audience.clone();
    let verifier = |callers| IdentityVerifier::new(keys.clone(), audience.clone(), callers);
    let outbox = config.outbox(&store, GoogleApi::new(http, credentials.clone()));
    let control = ServiceControl::new(google, config.services.clone(), credentials);
    let ownership = Ownership::new(store.clone(), config.provider.clone());
    let report_rules = ReportRules {
        provider: config.provider.clone(),
        products: config.products,
        services: config.services.clone(),
        metrics: config.metrics.clone(),
        zero: config.zero,
        labels: config.labels,
        notify: outbox.notify(),
    };
    let record_rules = RecordRules {
        provider: config.provider,
        services: config.services,
        metrics: config.metrics,
        late: config.late,
    };
    Handler {
        callers: verifier(config.callers),
        scheduler: verifier(config.scheduler),
        recorder: Recorder::new(store.clone(), record_rules),
        reporter: Reporter::new(store.clone(), control, report_rules),
        store,
        ownership,
        outbox,
    }
}

impl Handler {
    /// Refuses if the store belongs to another provider. Before that is known, nothing is done.
    pub(crate) async fn expect_our_store(&self, at: At) -> Result<(), NotOurStore> {
        let owned = self.ownership.ensure(at).await;
        if matches!(owned, Err(NotOurStore::OtherProvider)) {
            tracing::error!(
                provider = self.ownership.provider().as_str(),
                "this store belongs to another provider than PROCUREMENT_PROVIDER, so no usage is recorded or \
                 reported: `operator doctor` explains what to do"
            );
        }
        owned
    }
}
