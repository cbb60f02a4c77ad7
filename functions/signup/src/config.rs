//! The settings of sign-up.

use approval::ApprovalSettings;
use customer_entry::EntrySettings;
use function_runtime::{Base, Env, Expected, Problems, Reader, StoreSettings, Variable, parse};

use crate::form_fields::FormFields;

/// Everything sign-up reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every function has.
    pub base: Base,
    /// Where the links are.
    pub store: StoreSettings,
    /// What sign-up shares with login.
    pub entry: EntrySettings,
    /// What is approved, and where changes are published.
    pub approval: ApprovalSettings,
    /// Read from `SIGNUP_MODE` and `SIGNUP_FORM_FIELDS`.
    pub mode: Mode,
}

/// Whether a new customer fills in a form.
#[derive(Debug, Clone)]
pub enum Mode {
    /// Sign-up is one request.
    Auto,
    /// Sign-up asks for these fields.
    Form(FormFields),
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = StoreSettings::read(&mut reader);
        let entry = EntrySettings::read(&mut reader);
        let approval = ApprovalSettings::read(&mut reader);
        let form = reader.required(&SIGNUP_MODE, mode);
        let fields = reader.required(&SIGNUP_FORM_FIELDS, form_fields);
        reader.finish(|| {
            Some(Self {
                base: base?,
                store: store?,
                entry: entry?,
                approval: approval?,
                mode: if form? {
                    Mode::Form(fields?)
                } else {
                    Mode::Auto
                },
            })
        })
    }
}

const SIGNUP_MODE: Variable = Variable::required(
    "SIGNUP_MODE",
    "`auto`: sign-up is one click; `form`: the customer fills in a form",
);

const SIGNUP_FORM_FIELDS: Variable = Variable::with_default(
    "SIGNUP_FORM_FIELDS",
    "the form's fields among `company`, `name`, `email`, `phone`, `website`; `?` makes one optional",
    "company,name,email",
);

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
    use approval::variables as approval;
    use customer_entry::variables as entry;
    use function_runtime::variables as shared;
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
        approval::PROCUREMENT_PROVIDER,
        shared::PRODUCTS,
        approval::APPROVAL_POLICY,
        SIGNUP_MODE,
        SIGNUP_FORM_FIELDS,
        outbox::EVENTS_TOPIC,
        shared::GOOGLE_CLOUD_PROJECT,
        shared::FIRESTORE_DATABASE,
        shared::LOG_LEVEL,
        shared::LINK_STORE,
        shared::FIRESTORE_EMULATOR_HOST,
        shared::GOOGLE_ORIGIN,
    ]
};

fn mode(text: &str) -> Result<bool, Expected> {
    parse::one_of(text, &["auto", "form"], [false, true])
}

fn form_fields(text: &str) -> Result<FormFields, Expected> {
    let expected = "a comma-separated list of company, name, email, phone and website, each once, \
                    with `?` after those that may stay empty";
    FormFields::parse(text).ok_or_else(|| expected.into())
}
