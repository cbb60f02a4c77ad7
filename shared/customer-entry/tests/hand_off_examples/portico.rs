//! Portico's side: customers that were verified, and hand-offs that Google signed for them.

use std::collections::BTreeMap;
use std::time::Duration;

use customer_entry::{Entry, HandOff, HandOffParties, HandOffSigner, Seen, new_record};
use google_calls::{Credentials, Http};
use jiff::Timestamp;
use marketplace::{Access, Deadline, GoogleOrigin};
use marketplace_simulator::tokens::{SigningKey, hand_off_signer};
use marketplace_simulator::{Matcher, Order, OrdersInTokens, Settings, Simulator};
use serde_json::{Map, Value};
use store::Purpose;
use verification::{Audiences, KeySet, MarketplaceVerifier, VerifiedCustomer};

use crate::application::{Application, ORIGIN, PUSH_AUDIENCE, PUSH_IDENTITY};
use crate::example::Example;

/// A deployment of Portico with the simulated Google behind it.
pub(crate) struct Portico {
    pub(crate) google: Simulator,
    parties: HandOffParties,
    signer: HandOffSigner,
    verifier: MarketplaceVerifier,
}

impl Portico {
    pub(crate) async fn start() -> Self {
        function_runtime::start::install_crypto_provider();
        let settings = Settings {
            orders_in_tokens: OrdersInTokens::Listed,
            ..Settings::default()
        };
        let google = Simulator::start(settings).await;
        let origin = GoogleOrigin::simulated_at(&google.origin());
        let settings = google.settings();
        let audiences = Audiences::parse(vec![settings.audience.clone()]).unwrap();
        let application = format!("{ORIGIN}/signup").parse().unwrap();
        Self {
            parties: HandOffParties::new(&settings.hand_off_signer, &application),
            signer: HandOffSigner::new(
                &origin,
                settings.hand_off_signer.clone(),
                Credentials::new(&origin),
            ),
            verifier: MarketplaceVerifier::new(
                KeySet::marketplace(&origin, Http::new()),
                audiences,
            ),
            google,
        }
    }

    /// An example that trusts this deployment.
    pub(crate) fn application(&self, example: Example) -> Application {
        let keys = self
            .parties
            .issuer
            .replace("https:/", &self.google.origin());
        self.start_with_keys(example, &keys)
    }

    /// An example that trusts this deployment and takes its keys from another path of Google's.
    pub(crate) fn application_with_keys(&self, example: Example, path: &str) -> Application {
        self.start_with_keys(example, &format!("{}{path}", self.google.origin()))
    }

    fn start_with_keys(&self, example: Example, keys: &str) -> Application {
        let identity_keys = format!(
            "{}/www.googleapis.com/oauth2/v1/certs",
            self.google.origin()
        );
        Application::start(example, &self.parties.issuer, keys, &identity_keys)
    }

    /// An identity token as Pub/Sub sends it to the application.
    pub(crate) fn push_token(&self) -> String {
        self.google.identity_token(PUSH_IDENTITY, PUSH_AUDIENCE)
    }

    /// How often keys of the signer were fetched.
    pub(crate) fn key_fetches(&self) -> usize {
        self.google.calls().count(&signer_keys())
    }

    /// The claims of a new hand-off for the buyer of this order.
    pub(crate) async fn claims(&self, order: &Order) -> String {
        let now = Timestamp::now();
        let customer = self.customer(order, now).await;
        let record = new_record(&customer, Seen::FirstTime, None, now).unwrap();
        let typed = [
            ("company", "<Müller & Söhne>"),
            ("email", "eva@example.com"),
        ];
        let profile: BTreeMap<String, String> = typed
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .into();
        let roles = customer.roles().to_vec();
        let entry = Entry::arrived(customer, &roles).unwrap();
        let hand_off = HandOff {
            entry: &entry,
            record: &record,
            access: Access::Pending,
            unverified_profile: &profile,
        };
        self.parties.claims(Purpose::Signup, &hand_off).unwrap()
    }

    /// A new hand-off for the buyer of this order, signed by Google.
    pub(crate) async fn hand_off(&self, order: &Order) -> String {
        self.signer
            .sign(&self.claims(order).await, deadline())
            .await
            .unwrap()
    }

    /// A hand-off with one thing changed, signed by the signer's key all the same.
    pub(crate) async fn changed(&self, order: &Order, change: impl FnOnce(&mut Claims)) -> String {
        let mut claims = serde_json::from_str(&self.claims(order).await).unwrap();
        change(&mut claims);
        key().sign(&key().header(), &Value::from(claims).to_string())
    }

    async fn customer(&self, order: &Order, now: Timestamp) -> VerifiedCustomer {
        let token = self.google.token(&order.account, &order.user);
        let at = marketplace::At {
            now,
            deadline: deadline(),
        };
        self.verifier.verify(&token, at).await.unwrap()
    }
}

/// The claims as JSON, to be changed.
pub(crate) type Claims = Map<String, Value>;

/// The key that signs hand-offs until keys rotate.
pub(crate) fn key() -> &'static SigningKey {
    &hand_off_signer()[0]
}

/// Fetches of the signer's keys.
pub(crate) fn signer_keys() -> Matcher {
    Matcher::any().path("/service_accounts/v1/metadata/x509/")
}

fn deadline() -> Deadline {
    Deadline::after(Duration::from_secs(8))
}
