//! A deployment that is well, at the simulator, until a test spoils something of it.

use std::path::PathBuf;

use marketplace_simulator::{Settings, Simulator, hosts};
use serde_json::{Value, json};

use crate::deployment::{Deployment, Ended, run};

pub(crate) const REGION: &str = "europe-west1";
pub(crate) const SIGNER: &str = "hand-off@example-project.iam.gserviceaccount.com";
pub(crate) const EVENTS_URL: &str = "https://portico-procurement-events-1.europe-west1.run.app";
const AGENT: &str = "service-1@gcp-sa-pubsub.iam.gserviceaccount.com";
const AUDIENCE: &str = "https://portico-procurement-events-1.europe-west1.run.app";
const LINK_AUDIENCE: &str = "https://portico-service-account-link-1.europe-west1.run.app";

pub(crate) struct CloudProject {
    pub(crate) deployment: Deployment,
    pub(crate) project: String,
    pub(crate) outputs: Value,
    file: PathBuf,
}

/// What the doctor said, line by line.
#[derive(Debug)]
pub(crate) struct Diagnosis {
    pub(crate) ended: Ended,
    /// What begins with `problem`, each with its fix.
    pub(crate) problems: Vec<String>,
    /// What begins with `not known`, each with what would help.
    pub(crate) unknown: Vec<String>,
}

impl CloudProject {
    pub(crate) async fn open() -> Self {
        let deployment = Deployment::with(Settings::default()).await;
        let project = deployment.environment["GOOGLE_CLOUD_PROJECT"].clone();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let cloud = Self {
            outputs: outputs(&project),
            file: folder.join(format!("{project}.json")),
            deployment,
            project,
        };
        cloud.furnish();
        cloud
    }

    /// Lets the doctor look at it.
    pub(crate) async fn examine(&self, options: &[&str]) -> Diagnosis {
        std::fs::write(&self.file, self.outputs.to_string()).expect("written");
        let file = self.file.to_str().expect("a path");
        let arguments = [&["doctor", "--outputs", file], options].concat();
        let ended = run(&self.deployment.environment, &arguments).await;
        Diagnosis::of(ended)
    }

    /// The address of something in the project.
    pub(crate) fn address(&self, what: &str) -> String {
        let project = &self.project;
        match what.split_once(' ') {
            Some(("service", name)) => format!(
                "{}/v2/projects/{project}/locations/{REGION}/services/portico-{name}",
                hosts::RUN
            ),
            Some(("subscription", name)) => {
                format!(
                    "{}/v1/projects/{project}/subscriptions/portico-{name}",
                    hosts::PUBSUB
                )
            }
            Some(("topic", name)) => {
                format!(
                    "{}/v1/projects/{project}/topics/portico-{name}",
                    hosts::PUBSUB
                )
            }
            Some(("expiry", collection)) => format!(
                "{}/v1/projects/{project}/databases/(default)/collectionGroups/{collection}/fields/expire_at",
                hosts::FIRESTORE
            ),
            _ => match what {
                "jobs" => format!(
                    "{}/v1/projects/{project}/locations/{REGION}/jobs",
                    hosts::SCHEDULER
                ),
                "database" => {
                    format!(
                        "{}/v1/projects/{project}/databases/(default)",
                        hosts::FIRESTORE
                    )
                }
                "policy" => {
                    format!(
                        "{}/v1/projects/{project}:getIamPolicy",
                        hosts::RESOURCE_MANAGER
                    )
                }
                "measured" => format!("{}/v3/projects/{project}/timeSeries", hosts::MONITORING),
                "log" => format!("{}/v2/entries:list", hosts::LOGGING),
                "signer" => format!(
                    "{}/v1/projects/example-project/serviceAccounts/{SIGNER}",
                    hosts::IAM
                ),
                other => panic!("no address of {other}"),
            },
        }
    }

    pub(crate) fn put(&self, what: &str, resource: Value) {
        self.simulator()
            .put_cloud_resource(&self.address(what), resource);
    }

    pub(crate) fn remove(&self, what: &str) {
        self.simulator().remove_cloud_resource(&self.address(what));
    }

    /// Changes one field of something; null removes it.
    pub(crate) fn change(&self, what: &str, pointer: &str, value: Value) {
        let mut resource = self
            .simulator()
            .cloud_resource(&self.address(what))
            .expect(what);
        let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
        let parent = resource.pointer_mut(parent).expect(pointer).as_object_mut();
        let parent = parent.expect("an object");
        if value.is_null() {
            parent.remove(field).expect(pointer);
        } else {
            parent.insert(field.to_owned(), value);
        }
        self.put(what, resource);
    }

    /// Sets a variable of a function.
    pub(crate) fn set(&self, function: &str, variable: &str, value: &str) {
        let what = format!("service {function}");
        let mut resource = self
            .simulator()
            .cloud_resource(&self.address(&what))
            .expect("it");
        let variables = resource["template"]["containers"][0]["env"].as_array_mut();
        let found = variables
            .expect("a list")
            .iter_mut()
            .find(|it| it["name"] == variable);
        found.expect(variable)["value"] = value.into();
        self.put(&what, resource);
    }

    /// A service account of the deployment.
    pub(crate) fn account(&self, name: &str) -> String {
        account(&self.project, name)
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        &self.deployment.simulator
    }

    fn furnish(&self) {
        for (function, variables) in variables(&self.project) {
            let service = service(&self.account(function), &variables);
            self.put(&format!("service {function}"), service);
        }
        let push = |topic: &str| push(&self.project, topic);
        let replay = format!("projects/{}/topics/portico-replay", self.project);
        let dead = format!("projects/{}/topics/portico-dead-letters", self.project);
        let google = "projects/cloudcommerceproc-prod/topics/example-partner";
        self.put("subscription marketplace", push(google));
        self.put("subscription replay", push(&replay));
        self.put("subscription dead-letters", json!({ "topic": dead }));
        let attached = format!("projects/{}/subscriptions/portico-replay", self.project);
        self.put(
            "topic replay/subscriptions",
            json!({ "subscriptions": [attached] }),
        );
        self.put("topic changes", json!({ "name": "portico-changes" }));
        let both = ["signup", "procurement-events"].map(|name| self.account(name));
        self.put(
            "topic changes:getIamPolicy",
            policy("roles/pubsub.publisher", &both),
        );
        let job = json!({
            "name": format!("projects/{}/locations/{REGION}/jobs/portico-reconcile", self.project),
            "state": "ENABLED",
            "httpTarget": {
                "uri": format!("{EVENTS_URL}/reconcile"),
                "oidcToken": {"serviceAccountEmail": self.account("scheduler"), "audience": AUDIENCE},
            },
        });
        self.put("jobs", json!({ "jobs": [job] }));
        self.put("signer", json!({ "email": SIGNER }));
        let both = ["signup", "sso-login"].map(|name| self.account(name));
        self.simulator().put_cloud_resource(
            &format!("{}:getIamPolicy", self.address("signer")),
            policy("projects/example-project/roles/portico_sign_jwt", &both),
        );
        let agent = [AGENT.to_owned()];
        let publisher = policy("roles/pubsub.publisher", &agent);
        self.put("topic dead-letters:getIamPolicy", publisher);
        let taker = policy("roles/pubsub.subscriber", &agent);
        self.put("subscription marketplace:getIamPolicy", taker);
        self.put("database", json!({ "type": "FIRESTORE_NATIVE" }));
        for collection in ["events", "replays", "sessions"] {
            let field = json!({ "ttlConfig": {"state": "ACTIVE"} });
            self.put(&format!("expiry {collection}"), field);
        }
        let all = FUNCTIONS.map(|name| self.account(name));
        self.put("policy", policy("roles/datastore.user", &all));
        self.put("measured", json!({}));
        self.put("log", json!({}));
    }
}

impl Drop for CloudProject {
    fn drop(&mut self) {
        // It may never have been written.
        _ = std::fs::remove_file(&self.file);
    }
}

impl Diagnosis {
    pub(crate) fn of(ended: Ended) -> Self {
        let mut findings: Vec<String> = Vec::new();
        for line in ended.said.lines() {
            match findings.last_mut() {
                Some(last) if line.starts_with(' ') => last.extend(["\n", line.trim()]),
                _ => findings.push(line.to_owned()),
            }
        }
        let of = |verdict: &str| {
            let found = findings.iter().filter_map(|it| it.strip_prefix(verdict));
            found.map(|it| it.trim_start().to_owned()).collect()
        };
        Self {
            problems: of("problem "),
            unknown: of("not known "),
            ended,
        }
    }

    /// Asserts that one problem was found, and everything else is well.
    #[track_caller]
    pub(crate) fn names_only(&self, check: &str, cause: &str, fix: &str) {
        let [problem] = self.problems.as_slice() else {
            panic!("{check}, {cause}: {self:#?}");
        };
        assert_eq!(self.unknown, Vec::<String>::new());
        assert_eq!(self.ended.code, Some(1));
        assert_eq!(self.ended.complained, "operator: 1 problem was found\n");
        named(problem, check, cause, fix);
    }

    /// Asserts that this is the first problem that was found, whatever follows from it.
    #[track_caller]
    pub(crate) fn names_first(&self, check: &str, cause: &str, fix: &str) {
        assert_eq!(self.ended.code, Some(1), "{self:#?}");
        named(&self.problems[0], check, cause, fix);
    }
}

#[track_caller]
fn named(problem: &str, check: &str, cause: &str, fix: &str) {
    let (told, way) = problem.split_once('→').expect("a fix");
    assert!(told.starts_with(&format!("{check}: ")), "{problem}");
    assert!(told.contains(cause), "expected {cause:?}: {problem}");
    assert!(way.contains(fix), "expected {fix:?}: {problem}");
    assert!(!told.contains('@'), "an identity: {problem}");
}

pub(crate) const FUNCTIONS: [&str; 4] = [
    "signup",
    "sso-login",
    "service-account-link",
    "procurement-events",
];

fn account(project: &str, name: &str) -> String {
    format!("portico-{name}@{project}.iam.gserviceaccount.com")
}

fn outputs(project: &str) -> Value {
    let function = |name: &str, audience: Option<&str>| {
        json!({
            "deployed": true,
            "service": format!("portico-{name}"),
            "run_url": format!("https://portico-{name}-1.{REGION}.run.app"),
            "public_url": "https://marketplace.example.com",
            "ingress": "INGRESS_TRAFFIC_ALL",
            "audience": audience,
        })
    };
    let to_link = json!({
        account(project, "signup"): "Partner Procurement API: approves accounts and orders",
        account(project, "procurement-events"): "Partner Procurement API: reads and approves",
        account(project, "subscriber"): "Pub/Sub: subscribes to the Marketplace's events",
    });
    let values = json!({
        "dead_letters_subscription": format!("projects/{project}/subscriptions/portico-dead-letters"),
        "events_topic": format!("projects/{project}/topics/portico-changes"),
        "functions": {
            "signup": function("signup", None),
            "sso-login": function("sso-login", None),
            "service-account-link": function("service-account-link", Some(LINK_AUDIENCE)),
            "procurement-events": function("procurement-events", Some(AUDIENCE)),
        },
        "hand_off_keys_url": format!("https://www.googleapis.com/service_accounts/v1/metadata/x509/{SIGNER}"),
        "login_url": "https://marketplace.example.com/login",
        "marketplace_subscription": format!("projects/{project}/subscriptions/portico-marketplace"),
        "operator_environment": {"PRODUCTS": "of-no-account"},
        "replay_topic": format!("projects/{project}/topics/portico-replay"),
        "service_account_link": {"url": "https://marketplace.example.com/x", "audience": LINK_AUDIENCE},
        "service_accounts_to_link": to_link,
        "signup_url": "https://marketplace.example.com/signup",
    });
    let values = values.as_object().expect("an object").clone();
    let wrapped = values.into_iter().map(|(name, value)| {
        (
            name,
            json!({"sensitive": false, "type": "dynamic", "value": value}),
        )
    });
    wrapped.collect::<serde_json::Map<_, _>>().into()
}

fn variables(project: &str) -> [(&'static str, Vec<(&'static str, String)>); 4] {
    let topic = format!("projects/{project}/topics/portico-changes");
    let product = "product.endpoints.example-partner.cloud.goog".to_owned();
    let entry = || {
        vec![
            (
                "MARKETPLACE_AUDIENCES",
                "marketplace.example.com".to_owned(),
            ),
            (
                "APPLICATION_SIGNUP_URL",
                "https://app.example.com/welcome".to_owned(),
            ),
            (
                "APPLICATION_LOGIN_URL",
                "https://app.example.com/login".to_owned(),
            ),
            ("HAND_OFF_SIGNER", SIGNER.to_owned()),
        ]
    };
    let approving = || {
        vec![
            ("PROCUREMENT_PROVIDER", "example-partner".to_owned()),
            ("PRODUCTS", product.clone()),
            ("APPROVAL_POLICY", "auto".to_owned()),
            ("EVENTS_TOPIC", topic.clone()),
        ]
    };
    let link = vec![
        ("IDENTITY_AUDIENCE", LINK_AUDIENCE.to_owned()),
        ("REDIRECT_DOMAINS", "*.example.com".to_owned()),
    ];
    let events = vec![
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        ("PUSH_IDENTITY", account(project, "push")),
        ("SCHEDULER_IDENTITY", account(project, "scheduler")),
    ];
    [
        ("signup", [entry(), approving()].concat()),
        ("sso-login", entry()),
        ("service-account-link", link),
        ("procurement-events", [approving(), events].concat()),
    ]
}

fn service(account: &str, variables: &[(&str, String)]) -> Value {
    let variables = variables
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value}));
    json!({
        "template": {
            "serviceAccount": account,
            "containers": [{"env": variables.collect::<Vec<_>>()}],
        },
        "invokerIamDisabled": true,
        "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"},
    })
}

fn push(project: &str, topic: &str) -> Value {
    json!({
        "topic": topic,
        "pushConfig": {
            "pushEndpoint": format!("{EVENTS_URL}/events"),
            "oidcToken": {"serviceAccountEmail": account(project, "push"), "audience": AUDIENCE},
        },
        "ackDeadlineSeconds": 60,
        "expirationPolicy": {},
        "deadLetterPolicy": {
            "deadLetterTopic": format!("projects/{project}/topics/portico-dead-letters"),
            "maxDeliveryAttempts": 100,
        },
        "state": "ACTIVE",
    })
}

pub(crate) fn policy(role: &str, accounts: &[String]) -> Value {
    let members = accounts
        .iter()
        .map(|account| format!("serviceAccount:{account}"));
    json!({ "bindings": [{"role": role, "members": members.collect::<Vec<_>>()}] })
}
