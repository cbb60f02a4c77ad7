//! A deployment that is well, at the simulator, until a test makes a mistake in it.

use std::path::PathBuf;

use marketplace_simulator::hosts::{
    FIRESTORE, IAM, LOGGING, MONITORING, PUBSUB, RESOURCE_MANAGER, RUN, SCHEDULER,
};
use marketplace_simulator::{Settings, Simulator};
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
        let project = format!("projects/{}", self.project);
        let region = format!("{project}/locations/{REGION}");
        let database = format!("{FIRESTORE}/v1/{project}/databases/(default)");
        let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
        match kind {
            "service" => format!("{RUN}/v2/{region}/services/portico-{name}"),
            "subscription" => format!("{PUBSUB}/v1/{project}/subscriptions/portico-{name}"),
            "topic" => format!("{PUBSUB}/v1/{project}/topics/portico-{name}"),
            "expiry" => format!("{database}/collectionGroups/{name}/fields/expire_at"),
            "database" => database,
            "jobs" => format!("{SCHEDULER}/v1/{region}/jobs"),
            "policy" => format!("{RESOURCE_MANAGER}/v1/{project}:getIamPolicy"),
            "measured" => format!("{MONITORING}/v3/{project}/timeSeries"),
            "log" => format!("{LOGGING}/v2/entries:list"),
            "signer" => format!("{IAM}/v1/projects/example-project/serviceAccounts/{SIGNER}{name}"),
            other => panic!("no address of {other}"),
        }
    }

    pub(crate) fn put(&self, what: &str, resource: Value) {
        self.simulator()
            .put_cloud_resource(&self.address(what), resource);
    }

    fn resource(&self, what: &str) -> Value {
        let resource = self.simulator().cloud_resource(&self.address(what));
        resource.expect(what)
    }

    pub(crate) fn remove(&self, what: &str) {
        self.simulator().remove_cloud_resource(&self.address(what));
    }

    /// Changes one field of something; null removes it.
    pub(crate) fn change(&self, what: &str, pointer: &str, value: Value) {
        let mut resource = self.resource(what);
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

    /// Changes a field of something (`jobs /jobs/0/state "PAUSED"`, null removes it), sets a
    /// variable of a function (`signup EVENTS_TOPIC=other`), or removes something (`database`).
    fn make(&self, mistake: &str) {
        if let Some((what, change)) = mistake.split_once(" /") {
            let (pointer, value) = change.split_once(' ').expect(mistake);
            let value = serde_json::from_str(value).expect(mistake);
            self.change(what, &format!("/{pointer}"), value);
        } else if let Some((variable, value)) = mistake.split_once('=') {
            let (function, variable) = variable.split_once(' ').expect(mistake);
            self.set(function, variable, value);
        } else {
            self.remove(mistake);
        }
    }

    /// Sets a variable of a function.
    pub(crate) fn set(&self, function: &str, variable: &str, value: &str) {
        let what = format!("service {function}");
        let mut resource = self.resource(&what);
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
        self.put_services();
        let project = format!("projects/{}", self.project);
        let push = |topic: &str| push(&self.project, topic);
        let replay = format!("{project}/topics/portico-replay");
        let dead = format!("{project}/topics/portico-dead-letters");
        let google = "projects/cloudcommerceproc-prod/topics/example-partner";
        self.put("subscription marketplace", push(google));
        self.put("subscription replay", push(&replay));
        self.put("subscription dead-letters", json!({ "topic": dead }));
        let attached = json!([format!("{project}/subscriptions/portico-replay")]);
        self.put(
            "topic replay/subscriptions",
            json!({ "subscriptions": attached }),
        );
        self.put("topic changes", json!({ "name": "portico-changes" }));
        let both = ["signup", "procurement-events"].map(|name| self.account(name));
        let publishers = policy("roles/pubsub.publisher", &both);
        self.put("topic changes:getIamPolicy", publishers);
        let job = json!({
            "name": format!("{project}/locations/{REGION}/jobs/portico-reconcile"),
            "state": "ENABLED",
            "httpTarget": {
                "uri": format!("{EVENTS_URL}/reconcile"),
                "oidcToken": {"serviceAccountEmail": self.account("scheduler"), "audience": AUDIENCE},
            },
        });
        self.put("jobs", json!({ "jobs": [job] }));
        self.put("signer", json!({ "email": SIGNER }));
        let both = ["signup", "sso-login"].map(|name| self.account(name));
        let signers = policy("projects/example-project/roles/portico_sign_jwt", &both);
        self.put("signer :getIamPolicy", signers);
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

    fn put_services(&self) {
        let signer = format!("HAND_OFF_SIGNER={SIGNER}");
        let entry = [
            "MARKETPLACE_AUDIENCES=marketplace.example.com",
            "APPLICATION_SIGNUP_URL=https://app.example.com/welcome",
            "APPLICATION_LOGIN_URL=https://app.example.com/login",
            &signer,
        ];
        let topic = format!(
            "EVENTS_TOPIC=projects/{}/topics/portico-changes",
            self.project
        );
        let approving = [
            "PROCUREMENT_PROVIDER=example-partner",
            "PRODUCTS=product.endpoints.example-partner.cloud.goog",
            "APPROVAL_POLICY=auto",
            &topic,
        ];
        let link_audience = format!("IDENTITY_AUDIENCE={LINK_AUDIENCE}");
        let link = ["REDIRECT_DOMAINS=*.example.com", &link_audience];
        let events = [
            format!("IDENTITY_AUDIENCE={AUDIENCE}"),
            // As Terraform sets them: with the accounts' unique ids.
            format!("PUSH_IDENTITY={}=1122", self.account("push")),
            format!("SCHEDULER_IDENTITY={}=1133", self.account("scheduler")),
        ];
        let events = events.each_ref().map(String::as_str);
        for (function, variables) in [
            ("signup", [entry, approving].concat()),
            ("sso-login", entry.to_vec()),
            ("service-account-link", link.to_vec()),
            ("procurement-events", [&approving[..], &events].concat()),
        ] {
            let variables = variables.into_iter().map(|variable| {
                let (name, value) = variable.split_once('=').expect("a value");
                json!({"name": name, "value": value})
            });
            let service = json!({
                "template": {
                    "serviceAccount": self.account(function),
                    "containers": [{"env": variables.collect::<Vec<_>>()}],
                },
                "invokerIamDisabled": true,
                "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"},
            });
            self.put(&format!("service {function}"), service);
        }
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

    /// Asserts that this is the first problem that was found, which others may follow from.
    #[track_caller]
    pub(crate) fn names_first(&self, check: &str, cause: &str, fix: &str) {
        assert_eq!(self.ended.code, Some(1), "{self:#?}");
        named(&self.problems[0], check, cause, fix);
    }
}

/// Asserts in this way of each mistake, alone in a deployment, that the doctor names it. A line is
/// `mistake | cause | fix`.
pub(crate) async fn each_is_named(
    check: &str,
    asserts: fn(&Diagnosis, &str, &str, &str),
    mistakes: &[&str],
) {
    for line in mistakes {
        let cells: Vec<_> = line.split(" | ").collect();
        let [mistake, cause, fix] = cells[..] else {
            panic!("{line}");
        };
        let cloud = CloudProject::open().await;
        cloud.make(mistake);
        asserts(&cloud.examine(&[]).await, check, cause, fix);
    }
}

#[track_caller]
fn named(problem: &str, check: &str, cause: &str, fix: &str) {
    let (said, way) = problem.split_once('→').expect("a fix");
    assert!(said.starts_with(&format!("{check}: ")), "{problem}");
    assert!(said.contains(cause), "expected {cause:?}: {problem}");
    assert!(way.contains(fix), "expected {fix:?}: {problem}");
    assert!(!said.contains('@'), "an identity: {problem}");
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
    let wrap = |value| json!({"sensitive": false, "type": "dynamic", "value": value});
    let wrapped = values.into_iter().map(|(name, value)| (name, wrap(value)));
    wrapped.collect::<serde_json::Map<_, _>>().into()
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
