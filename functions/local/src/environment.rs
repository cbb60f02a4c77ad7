//! The variables each function is given, as a deployment would set them.

use std::time::Duration;

use function_runtime::MapEnv;
use marketplace::service_account_page::{GrantableRoles, RedirectDomain};
use marketplace_simulator::{
    ApplicationClock, Backoff, Gaps, OAuthClient, OrdersInTokens, Push, Repeats,
    ServiceAccountPage, Settings, UsageSettings,
};
use marketplace_website::{ProgramEndpoint, Scheduler, Storefront};

use crate::{Options, OwnApplication, PorticoEndpoints};

/// The project whose emulated Firestore holds the links.
pub(crate) const PROJECT: &str = "portico-local";
pub(crate) const DATABASE: &str = "(default)";

/// The service account that pushes the Marketplace's events to Portico.
const PUSH_IDENTITY: &str = "marketplace-push@example-project.iam.gserviceaccount.com";
const SCHEDULER_IDENTITY: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// The service account that the vendor's application runs as.
pub(crate) const APPLICATION_IDENTITY: &str = "application@example-project.iam.gserviceaccount.com";
/// The service account of that application's own subscription.
pub(crate) const APPLICATION_PUSH_IDENTITY: &str =
    "application-push@example-project.iam.gserviceaccount.com";
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
    pub(crate) fn settings(&self, options: &Options) -> Settings {
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
            application_service_account: APPLICATION_IDENTITY.to_owned(),
            application_clock: match options.application {
                Some(_) => ApplicationClock::Machine,
                None => ApplicationClock::Simulated,
            },
            service_account_page: registered(options),
            ..Settings::default()
        }
    }

    pub(crate) fn storefront(&self, options: &Options) -> Storefront {
        let example = Storefront::example(&format!("{}/signup", self.portico));
        let vendor = options.given.get("VENDOR_NAME").cloned();
        Storefront {
            login_url: Some(format!("{}/login", self.portico)),
            vendor: vendor.unwrap_or_else(|| example.vendor.clone()),
            ..example
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
            .with("VENDOR_NAME", self.storefront(options).vendor)
            .with("LISTING_URL", format!("{marketplace}/"))
            .with("HAND_OFF_SIGNER", &settings.hand_off_signer)
            .with("GOOGLE_SIGN_IN", options.sign_in.as_str())
            .with("GOOGLE_CLIENT_ID", &settings.oauth_client.id)
            .with("GOOGLE_CLIENT_SECRET", &settings.oauth_client.secret)
            .with("IDENTITY_AUDIENCE", portico)
            .with("PUSH_IDENTITY", PUSH_IDENTITY)
            .with("SCHEDULER_IDENTITY", SCHEDULER_IDENTITY)
            .with("METRICS", metrics(settings));
        let env = self.with_application(env, options);
        let env = self.with_service_accounts(env, settings, options);
        let env = match settings.topics.first() {
            Some(topic) => env.with("EVENTS_TOPIC", topic),
            None => env,
        };
        let env = match &options.emulator {
            None => env.with("LINK_STORE", "memory"),
            Some(emulator) => env
                .with("GOOGLE_CLOUD_PROJECT", PROJECT)
                .with("FIRESTORE_DATABASE", DATABASE)
                .with("FIRESTORE_EMULATOR_HOST", emulator),
        };
        let given = options.given.iter();
        given.fold(env, |env, (name, value)| env.with(name, value))
    }

    /// Where customers are handed over to: the demo application, or the developer's own.
    fn with_application(&self, env: MapEnv, options: &Options) -> MapEnv {
        let demo = |page: &str| format!("{}/app/{page}", self.marketplace);
        let (signup, login, support) = match &options.application {
            None => (demo("signup"), demo("login"), demo("support")),
            Some(own) => (
                own.signup_url.clone(),
                own.login_url.clone(),
                format!("{}/", own.origin),
            ),
        };
        env.with("APPLICATION_SIGNUP_URL", signup)
            .with("APPLICATION_LOGIN_URL", login)
            .with("SUPPORT_URL", support)
    }

    /// What the vendor has registered for Google's service account page, and who may ask for links.
    fn with_service_accounts(&self, env: MapEnv, settings: &Settings, options: &Options) -> MapEnv {
        let page = &settings.service_account_page;
        let env = env
            .with("CALLERS", APPLICATION_IDENTITY)
            .with("SERVICE_ACCOUNT_PROJECT", SERVICE_ACCOUNT_PROJECT)
            .with("SERVICE_NAME", page.service.as_str())
            .with("SERVICE_ACCOUNT_ROLES", page.roles.as_slice().join(","));
        // The application, to which customers come back.
        let domain = match &options.application {
            None => Some(self.marketplace.clone()),
            Some(own) => own.redirect_domain(),
        };
        match domain {
            Some(domain) => env.with("REDIRECT_DOMAINS", domain),
            None => env,
        }
    }
}

/// What the vendor has registered for Google's service account page: its example, and what is given here.
fn registered(options: &Options) -> ServiceAccountPage {
    let mut page = ServiceAccountPage::default();
    let own = options.application.as_ref();
    let own = own.and_then(OwnApplication::redirect_domain);
    let given = options.given.get("REDIRECT_DOMAINS").map(|text| list(text));
    let domains = given.unwrap_or_default().into_iter().chain(own);
    let domains = domains.filter_map(|domain| RedirectDomain::parse(&domain));
    page.redirect_domains.extend(domains);
    let roles = options.given.get("SERVICE_ACCOUNT_ROLES");
    // What cannot be read is refused by the function that reads it.
    if let Some(roles) = roles.and_then(|text| GrantableRoles::parse(list(text))) {
        page.roles = roles;
    }
    page
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|item| item.trim().to_owned()).collect()
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
