//! A project in which nothing is deployed yet and nothing is in the way, until a test puts something there.

use marketplace_simulator::hosts::{
    BILLING, COMPUTE, ORG_POLICY, PROCUREMENT, RESOURCE_MANAGER, RUN, SERVICE_USAGE,
};
use marketplace_simulator::{Settings, Simulator};
use serde_json::{Value, json};

use crate::cloud_project::{Diagnosis, REGION};
use crate::deployment::{Environment, run};

pub(crate) const PROJECT: &str = "vendor-marketplace";

/// What the doctor's looks lead to.
pub(crate) const HOSTS: [&str; 7] = [
    RESOURCE_MANAGER,
    SERVICE_USAGE,
    BILLING,
    RUN,
    ORG_POLICY,
    COMPUTE,
    PROCUREMENT,
];

const PERMISSIONS: [&str; 20] = [
    "artifactregistry.repositories.create",
    "cloudscheduler.jobs.create",
    "compute.backendServices.create",
    "compute.securityPolicies.create",
    "datastore.databases.create",
    "iam.roles.create",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.create",
    "iam.serviceAccounts.setIamPolicy",
    "logging.logMetrics.create",
    "monitoring.alertPolicies.create",
    "pubsub.topics.create",
    "pubsub.topics.setIamPolicy",
    "resourcemanager.projects.setIamPolicy",
    "run.services.create",
    "run.services.setIamPolicy",
    "secretmanager.secrets.create",
    "serviceusage.services.enable",
    "serviceusage.services.use",
    "something.else.entirely",
];

pub(crate) struct BareProject {
    pub(crate) simulator: Simulator,
    pub(crate) environment: Environment,
}

impl BareProject {
    pub(crate) async fn open() -> Self {
        let simulator = Simulator::start(Settings::default()).await;
        let environment = [("GOOGLE_ORIGIN".to_owned(), simulator.origin())];
        let bare = Self {
            environment: environment.into(),
            simulator,
        };
        bare.furnish();
        bare
    }

    /// Lets the doctor look at it, with a load balancer to come.
    pub(crate) async fn examine(&self) -> Diagnosis {
        self.examine_with(&["--load-balancer"]).await
    }

    /// Lets the doctor look at it, with these options besides those that it needs.
    pub(crate) async fn examine_with(&self, options: &[&str]) -> Diagnosis {
        let needed = [
            "doctor",
            "--before",
            "--project",
            PROJECT,
            "--provider",
            "example-partner",
            "--region",
            REGION,
        ];
        let arguments = [&needed[..], options].concat();
        Diagnosis::of(run(&self.environment, &arguments).await)
    }

    pub(crate) fn put(&self, what: &str, resource: Value) {
        self.simulator.put_cloud_resource(&address(what), resource);
    }

    pub(crate) fn remove(&self, what: &str) {
        self.simulator.remove_cloud_resource(&address(what));
    }

    /// Has the organization set a policy, of one rule.
    pub(crate) fn restrict(&self, constraint: &str, rule: &Value) {
        let policy = json!({
            "name": format!("projects/1/policies/{constraint}"),
            "spec": { "rules": [rule] },
        });
        self.put(&format!("policy {constraint}"), policy);
    }

    /// Gives the caller all permissions but this one.
    pub(crate) fn allow_all_but(&self, permission: &str) {
        let granted = PERMISSIONS.into_iter().filter(|it| *it != permission);
        let granted: Vec<_> = granted.collect();
        self.put("permissions", json!({ "permissions": granted }));
    }

    pub(crate) fn put_apis(&self, manager: &str) {
        let state = |api: &str, state: &str| {
            json!({
                "name": format!("projects/1/services/{api}"),
                "parent": "projects/1",
                "state": state,
            })
        };
        let services = [
            state(SERVICE_USAGE, "ENABLED"),
            state(RESOURCE_MANAGER, manager),
        ];
        self.put("apis", json!({ "services": services }));
    }

    pub(crate) fn put_quota(&self, policies: u32, used: u32) {
        let quota = |metric: &str, limit: u32, usage: u32| json!({ "metric": metric, "limit": f64::from(limit), "usage": f64::from(usage) });
        let quotas = [
            quota("NETWORKS", 5, 1),
            quota("SECURITY_POLICIES", policies, used),
            quota("SECURITY_POLICY_RULES", 200, 0),
            quota("SECURITY_POLICY_CEVAL_RULES", 20, 0),
        ];
        self.put("quotas", json!({ "quotas": quotas }));
    }

    fn furnish(&self) {
        let organization = json!({ "type": "organization", "id": "1" });
        self.put(
            "project",
            json!({ "projectId": PROJECT, "lifecycleState": "ACTIVE", "parent": organization }),
        );
        self.put_apis("ENABLED");
        self.put("billing", json!({ "billingEnabled": true }));
        self.allow_all_but("");
        self.put("services", json!({}));
        self.put_quota(10, 0);
        for list in [
            "gcp.resourceLocations",
            "iam.allowedPolicyMemberDomains",
            "run.allowedIngress",
        ] {
            self.restrict(list, &json!({ "allowAll": true }));
        }
        // Of the managed one about members Google knows nothing here.
        let free = json!({ "enforce": false });
        self.restrict("run.managed.requireInvokerIam", &free);
    }
}

fn address(what: &str) -> String {
    let project = format!("projects/{PROJECT}");
    let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
    match kind {
        "project" => format!("{RESOURCE_MANAGER}/v1/{project}"),
        "permissions" => format!("{RESOURCE_MANAGER}/v1/{project}:testIamPermissions"),
        "apis" => format!("{SERVICE_USAGE}/v1/{project}/services:batchGet"),
        "billing" => format!("{BILLING}/v1/{project}/billingInfo"),
        "services" => format!("{RUN}/v2/{project}/locations/{REGION}/services"),
        "policy" => format!("{ORG_POLICY}/v2/{project}/policies/{name}:getEffectivePolicy"),
        "quotas" => format!("{COMPUTE}/compute/v1/{project}"),
        other => panic!("no address of {other}"),
    }
}
