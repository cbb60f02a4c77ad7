//! The variables each function is given, as a deployment would set them.

use std::time::Duration;

use function_runtime::MapEnv;
use marketplace_simulator::{
    Backoff, Gaps, OAuthClient, OrdersInTokens, Push, Repeats, Settings, UsageSettings,
};
use marketplace_website::{ProgramEndpoint, Scheduler, Storefront};

use crate::{Options, PorticoEndpoints};

/// The project whose emulated Firestore holds the links.
pub(crate) const PROJECT: &str = "portico-local";
pub(crate) const DATABASE: &str = "(default)";

/// The service account that pushes the Marketplace's events to Portico.
const PUSH_IDENTITY: &str = "marketplace-push@example-project.iam.gserviceaccount.com";
const SCHEDULER_IDENTITY: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// The service account that the demo application runs as.
const APPLICATION_IDENTITY: &str = "application@example-project.iam.gserviceaccount.com";
/// The project that holds one service account for each customer.
const SERVICE_ACCOUNT_PROJECT: &str = "example-partner-customers";

#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub(crate) portico: String,
    /// The Marketplace, Google and the demo application, such as `http://127.0.0.1:9090`.
    pub(crate) marketplace: String,
}

impl Addresses {
    /// The simulated Google for a vendor whose Portico is here.
    pub(crate) fn settings(&self) -> Settings {
        let callback = |function| format!("{}/{function}/callback", self.portico);
        Settings {
            // The host name of the sign-up page and of the login page.
            audience: "localhost".to_owned(),
            // So that a customer with several orders chooses one.
            orders_in_tokens: OrdersInTokens::Listed,
            oauth_client: OAuthClient {
                redirect_uris: ["signup", "login"].map(callback).into(),
                ..OAuthClient::default()
            },
            usage: UsageSettings {
                // Portico repeats a report whose answer was lost, under the same id, and relies on Google
                // counting it once.
                repeats: Repeats::CountOnce,
                // Hours without usage are left out.
                gaps: Gaps::AreAllowed,
                ..UsageSettings::default()
            },
            ..Settings::default()
        }
    }

    pub(crate) fn storefront(&self) -> Storefront {
        Storefront {
            login_url: Some(format!("{}/login", self.portico)),
            ..Storefront::example(&format!("{}/signup", self.portico))
        }
    }

    /// What of Portico the demo application calls.
    pub(crate) fn portico_endpoints(&self) -> PorticoEndpoints {
        let called = |path| ProgramEndpoint {
            url: format!("{}{path}", self.portico),
            audience: self.portico.clone(),
            caller: APPLICATION_IDENTITY.to_owned(),
        };
        PorticoEndpoints {
            service_account_links: Some(called("/service-account-links")),
            usage: Some(called("/usage")),
        }
    }

    /// The vendor's subscription to the Marketplace's events. No event is given up,
    /// so that nothing is lost while a function is repaired.
    pub(crate) fn events(&self) -> Push {
        let endpoint = format!("{}/events", self.portico);
        Push::to(&endpoint, PUSH_IDENTITY, &self.portico).backoff(Backoff {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(10),
            max_attempts: None,
        })
    }

    /// The jobs that have everything compared with Google, often enough to be seen at a laptop, and
    /// usage reported.
    pub(crate) fn scheduler(&self) -> Scheduler {
        let every = [Duration::from_mins(1), Duration::from_mins(5)];
        Scheduler::new(&self.portico, SCHEDULER_IDENTITY, &self.portico, every)
    }

    /// What every function reads; each ignores what is not its own.
    pub(crate) fn variables(&self, settings: &Settings, options: &Options) -> MapEnv {
        let Self {
            portico,
            marketplace,
        } = self;
        let products: Vec<_> = settings.products.iter().map(|p| p.id.as_str()).collect();
        let env = MapEnv::new()
            .with("PUBLIC_URL", portico)
            .with("GOOGLE_ORIGIN", marketplace)
            .with("MARKETPLACE_AUDIENCES", &settings.audience)
            .with("PROCUREMENT_PROVIDER", settings.provider.as_str())
            .with("PRODUCTS", products.join(","))
            .with("SIGNUP_MODE", options.mode.as_str())
            .with("APPROVAL_POLICY", options.policy.as_str())
            .with("VENDOR_NAME", self.storefront().vendor)
            .with("SUPPORT_URL", format!("{marketplace}/app/support"))
            .with("LISTING_URL", format!("{marketplace}/"))
            .with(
                "APPLICATION_SIGNUP_URL",
                format!("{marketplace}/app/signup"),
            )
            .with("APPLICATION_LOGIN_URL", format!("{marketplace}/app/login"))
            .with("HAND_OFF_SIGNER", &settings.hand_off_signer)
            .with("GOOGLE_SIGN_IN", options.sign_in.as_str())
            .with("GOOGLE_CLIENT_ID", &settings.oauth_client.id)
            .with("GOOGLE_CLIENT_SECRET", &settings.oauth_client.secret)
            .with("IDENTITY_AUDIENCE", portico)
            .with("PUSH_IDENTITY", PUSH_IDENTITY)
            .with("SCHEDULER_IDENTITY", SCHEDULER_IDENTITY)
            .with("METRICS", metrics(settings));
        let env = self.with_service_accounts(env, settings);
        let env = match settings.topics.first() {
            Some(topic) => env.with("EVENTS_TOPIC", topic),
            None => env,
        };
        match &options.emulator {
            None => env.with("LINK_STORE", "memory"),
            Some(emulator) => env
                .with("GOOGLE_CLOUD_PROJECT", PROJECT)
                .with("FIRESTORE_DATABASE", DATABASE)
                .with("FIRESTORE_EMULATOR_HOST", emulator),
        }
    }

    /// What the vendor has registered for Google's service account page, and who may ask for links.
    fn with_service_accounts(&self, env: MapEnv, settings: &Settings) -> MapEnv {
        let page = &settings.service_account_page;
        env.with("CALLERS", APPLICATION_IDENTITY)
            .with("SERVICE_ACCOUNT_PROJECT", SERVICE_ACCOUNT_PROJECT)
            .with("SERVICE_NAME", page.service.as_str())
            .with("SERVICE_ACCOUNT_ROLES", page.roles.as_slice().join(","))
            // The demo application, to which customers come back.
            .with("REDIRECT_DOMAINS", &self.marketplace)
    }
}

/// Every metric of every plan that is sold, with its type.
fn metrics(settings: &Settings) -> String {
    let plans = settings.products.iter().flat_map(|product| &product.plans);
    let metrics = plans.flat_map(|plan| {
        let metrics = plan.metrics.iter();
        metrics.map(|it| {
            format!(
                "{}/{}:{}",
                plan.id.percent_encoded(),
                it.id,
                it.value_type.as_str()
            )
        })
    });
    metrics.collect::<Vec<_>>().join(",")
}
