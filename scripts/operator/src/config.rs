//! The settings, from the same environment variables as those of the functions.

use function_runtime::{
    Env, Expected, Problems, Reader, StoreSettings, Variable, google_origin, parse, variables,
};
use google_calls::{Credentials, GoogleApi, Http};
use jiff::SignedDuration;
use marketplace::{GoogleOrigin, Products, ProviderId};
use metering::Services;
use operations::{Clock, Operations, UsageLedger};
use outbox::{EVENTS_TOPIC, Notify, Topic};
use procurement::Procurement;
use store::{FirestoreSettings, Store};

/// Everything the commands about customers need.
#[derive(Debug)]
pub(crate) struct CustomersConfig {
    pub(crate) google: GoogleOrigin,
    pub(crate) provider: ProviderId,
    pub(crate) products: Products,
    pub(crate) store: FirestoreSettings,
    /// Whether the application is notified of what is stored here.
    pub(crate) notify: Notify,
    /// How long the personal data of a closed account is kept.
    pub(crate) erase_after: SignedDuration,
}

/// Everything the commands about usage need.
#[derive(Debug)]
pub(crate) struct UsageConfig {
    pub(crate) google: GoogleOrigin,
    pub(crate) store: FirestoreSettings,
}

const PROCUREMENT_PROVIDER: Variable = Variable::required(
    "PROCUREMENT_PROVIDER",
    "the vendor's provider id in the Partner Procurement API",
);

const GOOGLE_CLOUD_PROJECT: Variable =
    Variable::required("GOOGLE_CLOUD_PROJECT", "project that holds the links");

const SERVICE_NAME: Variable = Variable::conditional(
    "SERVICE_NAME",
    "the registered service name, such as product.endpoints.example-partner.cloud.goog; with several products \
     `product=service` pairs, comma-separated",
    "`operator usage csv` names metrics",
);

const ERASE_AFTER: Variable = Variable::with_default(
    "ERASE_AFTER",
    "days from the closing of an account until the personal data of its users is erased; `0` erases at once",
    "30",
);

/// Every variable of this program, in the order of its README.
const VARIABLES: &[Variable] = &[
    PROCUREMENT_PROVIDER,
    variables::PRODUCTS,
    SERVICE_NAME,
    GOOGLE_CLOUD_PROJECT,
    variables::FIRESTORE_DATABASE,
    EVENTS_TOPIC,
    ERASE_AFTER,
    variables::FIRESTORE_EMULATOR_HOST,
    variables::GOOGLE_ORIGIN,
];

impl CustomersConfig {
    /// Reads the environment, and reports every problem of it at once.
    pub(crate) fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::for_command(env);
        let google = google_origin(&mut reader);
        let provider = reader.required(&PROCUREMENT_PROVIDER, provider);
        let products = reader.required(&variables::PRODUCTS, parse::products);
        let store = firestore(&mut reader);
        let topic = Topic::read(&mut reader);
        let erase_after = reader.required(&ERASE_AFTER, parse::days);
        expect_one_world(&mut reader, google.as_ref(), store.as_ref());
        reader.finish(|| {
            Some(Self {
                google: google?,
                provider: provider?,
                products: products?,
                store: store?,
                notify: match topic? {
                    Some(_) => Notify::On,
                    None => Notify::Off,
                },
                erase_after: erase_after?,
            })
        })
    }

    pub(crate) fn operations(self, clock: Clock) -> Operations {
        let credentials = Credentials::new(&self.google);
        Operations {
            procurement: Procurement::new(
                &self.google,
                self.provider.clone(),
                GoogleApi::new(Http::new(), credentials),
            ),
            store: Store::firestore(self.store),
            products: self.products,
            provider: self.provider,
            notify: self.notify,
            erase_after: self.erase_after,
            clock,
        }
    }
}

impl UsageConfig {
    /// Reads the environment, and reports every problem of it at once.
    pub(crate) fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::for_command(env);
        let config = Self::read(&mut reader);
        reader.finish(|| config)
    }

    pub(crate) fn ledger(self, clock: Clock) -> UsageLedger {
        UsageLedger::new(Store::firestore(self.store), clock)
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let (google, store) = (google_origin(reader), firestore(reader));
        expect_one_world(reader, google.as_ref(), store.as_ref());
        Some(Self {
            google: google?,
            store: store?,
        })
    }
}

/// Reads what is needed to name metrics as Google does, too.
pub(crate) fn usage_of_services(env: &dyn Env) -> Result<(UsageConfig, Services), Problems> {
    let mut reader = Reader::for_command(env);
    let products = reader.required(&variables::PRODUCTS, parse::products);
    let config = UsageConfig::read(&mut reader);
    let text = reader.required(&SERVICE_NAME, |text| Ok(text.to_owned()));
    let services = text.and_then(|text| {
        let refuse = |reason| reader.refuse(&SERVICE_NAME, reason);
        Services::read(&text, products.as_ref(), refuse)
    });
    reader.finish(|| config.zip(services))
}

/// Reads all that is known before anything is deployed: where Google is, the project, and the vendor.
pub(crate) fn before_deploying(
    env: &dyn Env,
) -> Result<(GoogleOrigin, String, ProviderId), Problems> {
    let mut reader = Reader::for_command(env);
    let google = google_origin(&mut reader);
    let project = reader.required(&GOOGLE_CLOUD_PROJECT, parse::project);
    let provider = reader.required(&PROCUREMENT_PROVIDER, provider);
    reader.finish(|| Some((google?, project?, provider?)))
}

/// Reads where Google is.
pub(crate) fn google(env: &dyn Env) -> Result<GoogleOrigin, Problems> {
    let mut reader = Reader::for_command(env);
    let google = google_origin(&mut reader);
    reader.finish(|| google)
}

/// The variables, for `--help`.
pub(crate) fn table() -> String {
    let lines = VARIABLES
        .iter()
        .map(|variable| format!("  {:24} {}", variable.name, variable.meaning));
    format!(
        "Environment:\n{}\n\nIt acts with the application default credentials. \
         Exit codes: 0 done, 1 not done, 64 bad arguments or configuration, or nobody decides, 69 doctor could not check \
         everything.",
        lines.collect::<Vec<_>>().join("\n")
    )
}

fn firestore(reader: &mut Reader<'_>) -> Option<FirestoreSettings> {
    match StoreSettings::read(reader)? {
        StoreSettings::Memory => {
            let reason = "is `memory`, which nobody sees but the process that holds it";
            reader.refuse(&variables::LINK_STORE, reason);
            None
        }
        StoreSettings::Firestore {
            project,
            database,
            emulator,
        } => Some(FirestoreSettings {
            project,
            database,
            emulator,
        }),
    }
}

/// A simulated Marketplace and the real database, or the other way round, are never meant: a decision about the one would
/// be stored in the other.
fn expect_one_world(
    reader: &mut Reader<'_>,
    google: Option<&GoogleOrigin>,
    store: Option<&FirestoreSettings>,
) {
    let (Some(google), Some(store)) = (google, store) else {
        return;
    };
    match (google.is_simulated(), store.emulator.is_some()) {
        (true, false) => reader.refuse(
            &variables::FIRESTORE_EMULATOR_HOST,
            "is not set, and GOOGLE_ORIGIN is: a simulated Marketplace does not go with the real database",
        ),
        (false, true) => reader.refuse(
            &variables::GOOGLE_ORIGIN,
            "is not set, and FIRESTORE_EMULATOR_HOST is: the real Marketplace does not go with an emulator",
        ),
        (true, true) | (false, false) => {}
    }
}

fn provider(text: &str) -> Result<ProviderId, Expected> {
    ProviderId::parse(text).map_err(|_| "a provider id, such as example-partner".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_variables_is_the_declared_one() {
        let readme = include_str!("../README.md");
        let (_, rest) = readme.split_once("<!-- variables -->\n").unwrap();
        let (table, _) = rest.split_once("<!-- end of variables -->").unwrap();
        assert_eq!(table, function_runtime::markdown_table(VARIABLES));
    }
}
