//! What the function is made of.

use google_calls::{Credentials, GoogleApi, Http};
use outbox::Outbox;
use store::Store;
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
    let control = ServiceControl::new(google, config.service.as_str().to_owned(), credentials);
    let report_rules = ReportRules {
        products: config.products.clone(),
        metrics: config.metrics.clone(),
        zero: config.zero,
        labels: config.labels,
        notify: outbox.notify(),
    };
    let record_rules = RecordRules {
        products: config.products,
        metrics: config.metrics,
        late: config.late,
    };
    Handler {
        callers: verifier(config.callers),
        scheduler: verifier(config.scheduler),
        recorder: Recorder::new(store.clone(), record_rules),
        reporter: Reporter::new(store.clone(), control, report_rules),
        store,
        outbox,
    }
}
