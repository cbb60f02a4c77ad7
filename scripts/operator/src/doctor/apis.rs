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
pub(super) const BILLING: Api = api("cloudbilling.googleapis.com", "roles/viewer");
pub(super) const COMPUTE: Api = api("compute.googleapis.com", "roles/compute.viewer");
pub(super) const ORG_POLICY: Api = api("orgpolicy.googleapis.com", "roles/orgpolicy.policyViewer");
pub(super) const SERVICE_USAGE: Api = api(
    "serviceusage.googleapis.com",
    "roles/serviceusage.serviceUsageViewer",
);
/// Of this one no role gives access, but that calls are charged to the project.
pub(super) const PROCUREMENT: Api = api(
    "cloudcommerceprocurement.googleapis.com",
    "roles/serviceusage.serviceUsageConsumer",
);

/// The same, for a look that any role allows which shows the project.
pub(super) const fn viewed(api: Api) -> Api {
    Api {
        role: "roles/viewer",
        ..api
    }
}

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
