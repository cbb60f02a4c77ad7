//! The variables each function is given, as a deployment would set them.

use std::time::Duration;

use function_runtime::MapEnv;
use marketplace_simulator::web::{Scheduler, Storefront};
use marketplace_simulator::{Backoff, Push, Settings};

use crate::Options;

/// The project whose emulated Firestore holds the links.
pub(crate) const PROJECT: &str = "portico-local";
/// The database in it.
pub(crate) const DATABASE: &str = "(default)";

/// The service account that pushes the Marketplace's events to Portico.
const PUSH_IDENTITY: &str = "marketplace-push@example-project.iam.gserviceaccount.com";
/// The service account of the scheduler.
const SCHEDULER_IDENTITY: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// Where everything is.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// Portico, such as `http://localhost:8080`.
    pub(crate) portico: String,
    /// The Marketplace, Google and the demo application, such as `http://127.0.0.1:9090`.
    pub(crate) marketplace: String,
}

impl Addresses {
    /// The simulated Google for a vendor whose Portico is here.
    pub(crate) fn settings() -> Settings {
        Settings {
            // The host name of the sign-up page.
            audience: "localhost".to_owned(),
            ..Settings::default()
        }
    }

    pub(crate) fn storefront(&self) -> Storefront {
        Storefront::example(&format!("{}/signup", self.portico))
    }

    /// The vendor's subscription to the Marketplace's events. Whoever repairs what is broken finds
    /// that nothing was lost.
    pub(crate) fn events(&self) -> Push {
        let endpoint = format!("{}/events", self.portico);
        Push::to(&endpoint, PUSH_IDENTITY, &self.portico).backoff(Backoff {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(10),
            max_attempts: None,
        })
    }

    /// The job that has everything compared with Google, as often as somebody at a laptop notices.
    pub(crate) fn scheduler(&self) -> Scheduler {
        let url = format!("{}/reconcile", self.portico);
        Scheduler::new(
            &url,
            SCHEDULER_IDENTITY,
            &self.portico,
            Duration::from_mins(1),
        )
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
            .with("GOOGLE_SIGN_IN", "off")
            .with("IDENTITY_AUDIENCE", portico)
            .with("PUSH_IDENTITY", PUSH_IDENTITY)
            .with("SCHEDULER_IDENTITY", SCHEDULER_IDENTITY);
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
}
