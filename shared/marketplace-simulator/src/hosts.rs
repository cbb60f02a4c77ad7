//! The hosts of Google that the simulator answers for.

/// Key endpoints.
pub const WWW: &str = "www.googleapis.com";
/// The Partner Procurement API.
pub const PROCUREMENT: &str = "cloudcommerceprocurement.googleapis.com";
/// The IAM Credentials API.
pub const IAM_CREDENTIALS: &str = "iamcredentials.googleapis.com";
/// IAM: service accounts.
pub const IAM: &str = "iam.googleapis.com";
/// Pub/Sub, to publish to the vendor's own topics.
pub const PUBSUB: &str = "pubsub.googleapis.com";
/// Cloud Run: the vendor's services.
pub const RUN: &str = "run.googleapis.com";
/// Cloud Scheduler: the vendor's jobs.
pub const SCHEDULER: &str = "cloudscheduler.googleapis.com";
/// Firestore: the vendor's database and its fields, not its documents.
pub const FIRESTORE: &str = "firestore.googleapis.com";
/// Cloud Monitoring: what was measured in the vendor's project.
pub const MONITORING: &str = "monitoring.googleapis.com";
/// Cloud Logging: who did what in the vendor's project.
pub const LOGGING: &str = "logging.googleapis.com";
/// Cloud Billing: whether the vendor's project is paid for.
pub const BILLING: &str = "cloudbilling.googleapis.com";
/// Compute Engine: the quotas of the vendor's project.
pub const COMPUTE: &str = "compute.googleapis.com";
/// The organization policies in force in the vendor's project.
pub const ORG_POLICY: &str = "orgpolicy.googleapis.com";
/// Service Usage: which APIs are enabled in the vendor's project.
pub const SERVICE_USAGE: &str = "serviceusage.googleapis.com";
/// Resource Manager: the vendor's project, its policy, and who may do what in it.
pub const RESOURCE_MANAGER: &str = "cloudresourcemanager.googleapis.com";
/// Where people sign in.
pub const ACCOUNTS: &str = "accounts.google.com";
/// The token endpoint of OAuth.
pub const OAUTH: &str = "oauth2.googleapis.com";
/// UserInfo of OpenID Connect.
pub const OPENID_CONNECT: &str = "openidconnect.googleapis.com";
/// The Cloud console, where customers grant access.
pub const CONSOLE: &str = "console.cloud.google.com";
/// The console's other name.
pub const CONSOLE_SHORT: &str = "console.google.com";
/// Service Control: usage.
pub const SERVICE_CONTROL: &str = "servicecontrol.googleapis.com";
/// The metadata server of Cloud Run.
pub const METADATA: &str = "metadata.google.internal";

/// Whether the first segment of a path names a host of Google's, simulated or not.
pub(crate) fn is_google(segment: &str) -> bool {
    segment.ends_with(".googleapis.com") || segment.ends_with(".google.com") || segment == METADATA
}
