//! What is read of Google's resources, as their discovery documents name it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Resources, of which each field that Google leaves out is empty.
macro_rules! resources {
    ($($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $kind:ty),* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(super) struct $name {
            $($(#[$of])* pub(super) $field: $kind),*
        }
    )*};
}

resources! {
    /// A Cloud Run service: schema `GoogleCloudRunV2Service`.
    Service {
        template: RevisionTemplate,
        invoker_iam_disabled: bool,
        terminal_condition: Condition
    }
    RevisionTemplate { service_account: String, containers: Vec<Container> }
    Container { env: Vec<EnvVar> }
    /// A variable; one from Secret Manager has no value here.
    EnvVar { name: String, value: String }
    Condition { state: String }

    /// A page of the scheduler's jobs: schema `ListJobsResponse`.
    Jobs { jobs: Vec<Job> }
    /// Schema `Job` of Cloud Scheduler.
    Job { name: String, state: String, http_target: HttpTarget }
    HttpTarget { uri: String, oidc_token: Option<OidcToken> }
    /// Whom identity tokens are made for, and in whose name.
    OidcToken { service_account_email: String, audience: String }

    /// Schema `Subscription` of Pub/Sub.
    Subscription {
        topic: String,
        push_config: PushConfig,
        ack_deadline_seconds: u32,
        expiration_policy: Option<ExpirationPolicy>,
        dead_letter_policy: Option<DeadLetterPolicy>,
        detached: bool
    }
    PushConfig {
        push_endpoint: String,
        oidc_token: Option<OidcToken>,
        no_wrapper: Option<Present>
    }
    /// Without a time to live, it never expires; without the policy, after 31 days.
    ExpirationPolicy { ttl: Option<String> }
    DeadLetterPolicy { dead_letter_topic: String }
    /// A page of a topic's subscriptions: schema `ListTopicSubscriptionsResponse`.
    TopicSubscriptions { subscriptions: Vec<String> }
    /// Something of which only its being there is asked.
    Present {}

    /// An allow policy: schema `Policy` of IAM.
    Policy { bindings: Vec<Binding> }
    Binding { role: String, members: Vec<String> }
    /// A service account: schema `ServiceAccount` of IAM.
    SignerAccount { disabled: bool }

    /// Schema `Project` of Resource Manager, version 1.
    Project { lifecycle_state: String, parent: Option<Present> }
    /// Those of the permissions asked about that the caller has: schema `TestIamPermissionsResponse`.
    Granted { permissions: Vec<String> }
    /// Schema `BatchGetServicesResponse` of Service Usage.
    Apis { services: Vec<ApiState> }
    /// An API in a project: schema `GoogleApiServiceusageV1Service`.
    ApiState { name: String, state: String }
    /// Schema `ProjectBillingInfo`.
    Billing { billing_enabled: bool }

    /// An organization policy: schema `GoogleCloudOrgpolicyV2Policy`.
    OrgPolicy { spec: OrgPolicySpec }
    OrgPolicySpec { rules: Vec<OrgPolicyRule> }
    /// Of a boolean or managed constraint `enforce`, of a list the others.
    OrgPolicyRule { enforce: bool, allow_all: bool, deny_all: bool, values: ListedValues }
    ListedValues { allowed_values: Vec<String>, denied_values: Vec<String> }

    /// Schema `GoogleFirestoreAdminV1Database`.
    Database { r#type: String }
    /// Schema `GoogleFirestoreAdminV1Field`.
    Field { ttl_config: Option<Condition> }

    /// A page of measurements: schema `ListTimeSeriesResponse`.
    Measured { time_series: Vec<TimeSeries> }
    /// Points of one subscription, the newest first.
    TimeSeries { metric: SeriesMetric, resource: Labelled, points: Vec<Point> }
    SeriesMetric { r#type: String }
    Labelled { labels: BTreeMap<String, String> }
    Point { value: PointValue }
    PointValue {
        /// Digits, as proto JSON writes whole numbers of 64 bits.
        int64_value: String
    }

    /// Lines of the log: schema `ListLogEntriesResponse`.
    LogEntries { entries: Vec<LogEntry> }
    LogEntry { proto_payload: Option<AuditLog>, resource: Labelled }
    /// Schema `AuditLog` of Cloud Audit Logs.
    AuditLog { authentication_info: AuthenticationInfo, status: Status }
    AuthenticationInfo { principal_email: String }
    /// A canonical code: 0 done, 7 permission denied.
    Status { code: i32 }
}

impl Service {
    /// The value of a variable; empty counts as none, as it does for the functions.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        let mut variables = self.template.containers.iter().flat_map(|c| &c.env);
        let found = variables.find(|variable| variable.name == name)?;
        Some(found.value.trim()).filter(|value| !value.is_empty())
    }
}
