//! Google's APIs that are read, and the roles that this needs.

/// An API, and the role that is needed to read from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Api {
    pub(super) host: &'static str,
    pub(super) role: &'static str,
}

pub(super) const RUN: Api = api("run.googleapis.com", "roles/run.viewer");
pub(super) const PUBSUB: Api = api("pubsub.googleapis.com", "roles/pubsub.viewer");
pub(super) const SCHEDULER: Api = api(
    "cloudscheduler.googleapis.com",
    "roles/cloudscheduler.viewer",
);
pub(super) const FIRESTORE: Api = api("firestore.googleapis.com", "roles/datastore.viewer");
pub(super) const IAM: Api = api("iam.googleapis.com", "roles/iam.serviceAccountViewer");
pub(super) const MONITORING: Api = api("monitoring.googleapis.com", "roles/monitoring.viewer");
pub(super) const LOGGING: Api = api("logging.googleapis.com", "roles/logging.viewer");
pub(super) const RESOURCE_MANAGER: Api = api(
    "cloudresourcemanager.googleapis.com",
    "roles/iam.securityReviewer",
);

/// The same, for a read of policies.
pub(super) const fn reviewed(api: Api) -> Api {
    Api {
        role: "roles/iam.securityReviewer",
        ..api
    }
}

const fn api(host: &'static str, role: &'static str) -> Api {
    Api { host, role }
}
