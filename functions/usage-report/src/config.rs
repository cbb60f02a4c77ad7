//! The environment variables of this function.

use function_runtime::{
    Base, Env, Expected, Problems, Reader, StoreSettings, Variable, parse, variables,
};
use google_calls::GoogleApi;
use marketplace::{Products, ProviderId};
use metering::{LatePolicy, Metrics, Services, UserLabels};
use outbox::{Destination, EVENTS_TOPIC, Outbox, Topic};
use store::Store;
use verification::{AcceptedEmails, Audiences};

/// Everything this function reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// The variables of every function.
    pub base: Base,
    /// Where usage is stored.
    pub store: StoreSettings,
    /// Read from `IDENTITY_AUDIENCE`.
    pub audience: Audiences,
    /// Read from `CALLERS`.
    pub callers: AcceptedEmails,
    /// Read from `SCHEDULER_IDENTITY`.
    pub scheduler: AcceptedEmails,
    /// Read from `PRODUCTS`.
    pub products: Products,
    /// Read from `SERVICE_NAME`.
    pub services: Services,
    /// Read from `METRICS`.
    pub metrics: Metrics,
    /// Read from `LATE_USAGE`.
    pub late: LatePolicy,
    /// Read from `ZERO_USAGE`.
    pub zero: ZeroUsage,
    /// Read from `USER_LABELS`.
    pub labels: UserLabels,
    /// Read from `PROCUREMENT_PROVIDER`.
    pub provider: ProviderId,
    /// Read from `EVENTS_TOPIC`.
    pub events: Option<Destination>,
}

/// What to do with windows in which nothing was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZeroUsage {
    /// They are not reported: Google does not require it.
    Skip,
    /// Zero is reported of every metric of the plan.
    Report,
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = StoreSettings::read(&mut reader);
        let audience = callers::audience(&mut reader);
        let accepted = reader.required(&CALLERS, callers::emails);
        let scheduler = reader.required(&SCHEDULER_IDENTITY, callers::email);
        let products = reader.required(&variables::PRODUCTS, parse::products);
        let text = reader.required(&SERVICE_NAME, |text| Ok(text.to_owned()));
        let services = text.and_then(|text| {
            let refuse = |reason| reader.refuse(&SERVICE_NAME, reason);
            Services::read(&text, products.as_ref(), refuse)
        });
        let metrics = reader.required(&METRICS, metrics);
        let late = reader.required(&LATE_USAGE, |text| {
            let policies = [LatePolicy::NextWindow, LatePolicy::Refuse];
            parse::one_of(text, &["next-window", "refuse"], policies)
        });
        let zero = reader.required(&ZERO_USAGE, |text| {
            let kinds = [ZeroUsage::Skip, ZeroUsage::Report];
            parse::one_of(text, &["skip", "report"], kinds)
        });
        let labels = reader.required(&USER_LABELS, |text| {
            let kinds = [UserLabels::LeftOut, UserLabels::Reported];
            parse::one_of(text, &["off", "on"], kinds)
        });
        let topic = Topic::read(&mut reader);
        let provider = reader.required(&PROCUREMENT_PROVIDER, |text| {
            ProviderId::parse(text).map_err(|_| "a provider id, such as example-partner".into())
        });
        reader.finish(|| {
            let provider = provider?;
            let destination = |topic| Destination {
                topic,
                provider: provider.clone(),
            };
            let events = topic?.map(destination);
            Some(Self {
                base: base?,
                store: store?,
                audience: audience?,
                callers: accepted?,
                scheduler: scheduler?,
                products: products?,
                services: services?,
                metrics: metrics?,
                late: late?,
                zero: zero?,
                labels: labels?,
                provider,
                events,
            })
        })
    }

    /// The outbox, with the topic to which it publishes, if there is one.
    pub(crate) fn outbox(&self, store: &Store, api: GoogleApi) -> Outbox {
        let outbox = Outbox::new(store.clone());
        match &self.events {
            None => outbox,
            Some(destination) => outbox.publishing_to(destination, &self.base.google, api),
        }
    }
}

const CALLERS: Variable = Variable::required(
    "CALLERS",
    "service accounts as which the vendor's application calls `/usage`, comma-separated: each its e-mail, or `EMAIL=UNIQUE_ID`",
);

const SCHEDULER_IDENTITY: Variable = Variable::required(
    "SCHEDULER_IDENTITY",
    "service account as which the scheduler job calls `/report`: its e-mail, or `EMAIL=UNIQUE_ID`",
);

const SERVICE_NAME: Variable = Variable::required(
    "SERVICE_NAME",
    "the service name registered with Google, such as product.endpoints.example-partner.cloud.goog; with several \
     products `product=service` pairs, comma-separated",
);

const METRICS: Variable = Variable::required(
    "METRICS",
    "the metrics declared in Producer Portal, each with its plan and type, comma-separated, such as \
     pro/requests:int64,pro/storage:double; in the name of a plan `,` is written %2C, `/` %2F and `%` %25",
);

const LATE_USAGE: Variable = Variable::with_default(
    "LATE_USAGE",
    "usage whose window is closed already: `next-window` counts it in the open window, `refuse` refuses it",
    "next-window",
);

const ZERO_USAGE: Variable = Variable::with_default(
    "ZERO_USAGE",
    "windows without usage: `skip` does not report them, `report` reports zero of every metric of the plan",
    "skip",
);

const USER_LABELS: Variable = Variable::with_default(
    "USER_LABELS",
    "whether usage is reported separately for each set of labels, `on` or `off`; Google must have enabled labels for the service",
    "off",
);

const PROCUREMENT_PROVIDER: Variable = Variable::required(
    "PROCUREMENT_PROVIDER",
    "the vendor's provider id in the Partner Procurement API; orders of another one are not looked at",
);

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
    [
        variables::PORT,
        variables::PUBLIC_URL,
        callers::IDENTITY_AUDIENCE,
        CALLERS,
        SCHEDULER_IDENTITY,
        variables::PRODUCTS,
        SERVICE_NAME,
        METRICS,
        LATE_USAGE,
        ZERO_USAGE,
        USER_LABELS,
        EVENTS_TOPIC,
        PROCUREMENT_PROVIDER,
        variables::GOOGLE_CLOUD_PROJECT,
        variables::FIRESTORE_DATABASE,
        variables::LOG_LEVEL,
        variables::LINK_STORE,
        variables::FIRESTORE_EMULATOR_HOST,
        variables::GOOGLE_ORIGIN,
    ]
};

fn metrics(text: &str) -> Result<Metrics, Expected> {
    let expected = "PLAN/METRIC:TYPE, comma-separated, with int64 or double as type and each \
                    metric once; in the name of a plan `,` is written %2C, `/` %2F and `%` %25";
    Metrics::parse(text).map_err(|_| expected.into())
}

#[cfg(test)]
mod tests {
    use function_runtime::{MapEnv, Presence, markdown_table};

    use super::*;

    #[test]
    fn every_missing_variable_is_named() {
        let problems = Config::from_env(&MapEnv::new()).unwrap_err();
        let named: Vec<_> = problems.0.iter().map(|problem| problem.variable).collect();
        for variable in VARIABLES {
            if matches!(variable.presence, Presence::Required) {
                assert!(named.contains(&variable.name), "{}", variable.name);
            }
        }
    }

    #[test]
    fn every_problem_of_the_services_is_named() {
        let env = MapEnv::new()
            .with("PRODUCTS", "a,b")
            .with("SERVICE_NAME", "x.example.com,c=y.example.com");
        let problems = Config::from_env(&env).unwrap_err().to_string();
        for said in [
            "SERVICE_NAME must be `product=service` pairs",
            "SERVICE_NAME names a product that is not in PRODUCTS",
        ] {
            assert!(problems.contains(said), "{problems}");
        }
    }

    #[test]
    fn a_plan_with_a_comma_or_a_slash_is_refused_with_the_way_to_write_it() {
        for text in ["Pro, annual/requests:int64", "Pro/annual/requests:int64"] {
            let env = MapEnv::new().with("METRICS", text);
            let problems = Config::from_env(&env).unwrap_err().to_string();
            let said = "METRICS must be PLAN/METRIC:TYPE";
            assert!(problems.contains(said), "{problems}");
            assert!(problems.contains("`,` is written %2C"), "{problems}");
        }
        assert!(metrics("Pro plan (annual)/requests:int64,Pro%2Cmax/storage:double").is_ok());
    }

    #[test]
    fn the_readme_has_the_table_of_variables() {
        let readme = include_str!("../README.md");
        let table = markdown_table(VARIABLES);
        assert!(readme.contains(&table), "{table}");
    }
}
