//! What is read of Google's resources, as their discovery documents name it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A Cloud Run service: schema `GoogleCloudRunV2Service`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Service {
    pub(super) template: RevisionTemplate,
    pub(super) invoker_iam_disabled: bool,
    pub(super) terminal_condition: Condition,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RevisionTemplate {
    pub(super) service_account: String,
    pub(super) containers: Vec<Container>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Container {
    pub(super) env: Vec<EnvVar>,
}

/// A variable; one from Secret Manager has no value here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct EnvVar {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Condition {
    pub(super) state: String,
}

impl Service {
    /// The value of a variable; empty counts as none, as it does for the functions.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let mut variables = self.template.containers.iter().flat_map(|c| &c.env);
        let found = variables.find(|variable| variable.name == name)?;
        Some(found.value.trim()).filter(|value| !value.is_empty())
    }
}

/// A page of the scheduler's jobs: schema `ListJobsResponse`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Jobs {
    pub(super) jobs: Vec<Job>,
}

/// Schema `Job` of Cloud Scheduler.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) state: String,
    pub(super) http_target: HttpTarget,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct HttpTarget {
    pub(super) uri: String,
    pub(super) oidc_token: Option<OidcToken>,
}

/// Whom identity tokens are made for, and in whose name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct OidcToken {
    pub(super) service_account_email: String,
    pub(super) audience: String,
}

/// Schema `Subscription` of Pub/Sub.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Subscription {
    pub(super) topic: String,
    pub(super) push_config: PushConfig,
    pub(super) ack_deadline_seconds: u32,
    pub(super) expiration_policy: Option<ExpirationPolicy>,
    pub(super) dead_letter_policy: Option<DeadLetterPolicy>,
    pub(super) detached: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PushConfig {
    pub(super) push_endpoint: String,
    pub(super) oidc_token: Option<OidcToken>,
    pub(super) no_wrapper: Option<Present>,
}

/// Without a time to live, it never expires; without the policy, after 31 days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct ExpirationPolicy {
    pub(super) ttl: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DeadLetterPolicy {
    pub(super) dead_letter_topic: String,
}

/// A page of a topic's subscriptions: schema `ListTopicSubscriptionsResponse`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TopicSubscriptions {
    pub(super) subscriptions: Vec<String>,
}

/// Something of which only its being there is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Present {}

/// Schema `SignerAccount` of IAM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct SignerAccount {
    pub(super) disabled: bool,
}

/// Schema `GoogleFirestoreAdminV1Database`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Database {
    pub(super) r#type: String,
}

/// Schema `GoogleFirestoreAdminV1Field`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Field {
    pub(super) ttl_config: Option<TtlConfig>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct TtlConfig {
    pub(super) state: String,
}

/// A page of measurements: schema `ListTimeSeriesResponse`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Measured {
    pub(super) time_series: Vec<TimeSeries>,
}

/// Points of one subscription, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct TimeSeries {
    pub(super) metric: SeriesMetric,
    pub(super) resource: Labelled,
    pub(super) points: Vec<Point>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct SeriesMetric {
    pub(super) r#type: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Labelled {
    pub(super) labels: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Point {
    pub(super) value: PointValue,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PointValue {
    /// Digits, as proto JSON writes whole numbers of 64 bits.
    pub(super) int64_value: String,
}

/// Lines of the log: schema `ListLogEntriesResponse`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct LogEntries {
    pub(super) entries: Vec<LogEntry>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct LogEntry {
    pub(super) proto_payload: Option<AuditLog>,
    pub(super) resource: Labelled,
}

/// Schema `AuditLog` of Cloud Audit Logs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AuditLog {
    pub(super) authentication_info: AuthenticationInfo,
    pub(super) status: Status,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AuthenticationInfo {
    pub(super) principal_email: String,
}

/// A canonical code: 0 done, 7 permission denied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub(super) code: i32,
}
