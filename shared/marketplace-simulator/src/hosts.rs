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
/// Service Control: usage.
pub const SERVICE_CONTROL: &str = "servicecontrol.googleapis.com";
/// The metadata server of Cloud Run.
pub const METADATA: &str = "metadata.google.internal";

/// Whether the first segment of a path names a host of Google's, simulated or not.
pub(crate) fn is_google(segment: &str) -> bool {
    segment.ends_with(".googleapis.com") || segment.ends_with(".google.com") || segment == METADATA
}
