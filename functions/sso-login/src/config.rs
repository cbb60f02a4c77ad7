//! The settings of login.

use customer_entry::EntrySettings;
use function_runtime::{
    Base, Env, Problems, Reader, StoreSettings, Variable, parse, variables as shared,
};
use marketplace::Products;

/// Everything login reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every function has.
    pub base: Base,
    /// Where the links are.
    pub store: StoreSettings,
    /// What login shares with sign-up.
    pub entry: EntrySettings,
    /// Read from `PRODUCTS`.
    pub products: Products,
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = StoreSettings::read(&mut reader);
        let entry = EntrySettings::read(&mut reader);
        let products = reader.required(&shared::PRODUCTS, parse::products);
        reader.finish(|| {
            Some(Self {
                base: base?,
                store: store?,
                entry: entry?,
                products: products?,
            })
        })
    }
}

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
    use customer_entry::variables as entry;
    [
        shared::PORT,
        shared::PUBLIC_URL,
        entry::MARKETPLACE_AUDIENCES,
        entry::ACCEPTED_ROLES,
        entry::VENDOR_NAME,
        entry::SUPPORT_URL,
        entry::LISTING_URL,
        entry::APPLICATION_SIGNUP_URL,
        entry::APPLICATION_LOGIN_URL,
        entry::HAND_OFF_SIGNER,
        entry::GOOGLE_SIGN_IN,
        entry::GOOGLE_CLIENT_ID,
        entry::GOOGLE_CLIENT_SECRET,
        shared::PRODUCTS,
        shared::GOOGLE_CLOUD_PROJECT,
        shared::FIRESTORE_DATABASE,
        shared::LOG_LEVEL,
        shared::LINK_STORE,
        shared::FIRESTORE_EMULATOR_HOST,
        shared::GOOGLE_ORIGIN,
    ]
};
