//! The settings of sign-up.

use approval::ApprovalPolicy;
use customer_entry::EntrySettings;
use function_runtime::{Base, Env, Expected, Problems, Reader, Store, Variable, parse};
use marketplace::{ProductId, Products, ProviderId};

use crate::fields::FormFields;

/// Everything sign-up reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every function has.
    pub base: Base,
    /// Where the links are.
    pub store: Store,
    /// What sign-up shares with login.
    pub entry: EntrySettings,
    /// Read from `PROCUREMENT_PROVIDER`.
    pub provider: ProviderId,
    /// Read from `PRODUCTS`.
    pub products: Products,
    /// Read from `APPROVAL_POLICY`.
    pub approval_policy: ApprovalPolicy,
    /// Read from `SIGNUP_MODE` and `SIGNUP_FORM_FIELDS`.
    pub mode: Mode,
    /// Read from `EVENTS_TOPIC`.
    pub events: Events,
}

/// Whether a new customer fills in a form.
#[derive(Debug, Clone)]
pub enum Mode {
    /// Sign-up is one request.
    Auto,
    /// Sign-up asks for these fields.
    Form(FormFields),
}

/// Whether the vendor's application is told of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Events {
    /// Changes are written to the outbox, from where they are published.
    Told,
    /// There is no topic.
    Untold,
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = Store::read(&mut reader);
        let entry = EntrySettings::read(&mut reader);
        let provider = reader.required(&PROCUREMENT_PROVIDER, provider);
        let products = reader.required(&PRODUCTS, products);
        let approval_policy = reader.required(&APPROVAL_POLICY, approval_policy);
        let form = reader.required(&SIGNUP_MODE, mode);
        let fields = reader.required(&SIGNUP_FORM_FIELDS, form_fields);
        let topic = reader.optional(&EVENTS_TOPIC, topic);
        reader.finish(|| {
            Some(Self {
                base: base?,
                store: store?,
                entry: entry?,
                provider: provider?,
                products: products?,
                approval_policy: approval_policy?,
                mode: if form? {
                    Mode::Form(fields?)
                } else {
                    Mode::Auto
                },
                events: if topic?.is_some() {
                    Events::Told
                } else {
                    Events::Untold
                },
            })
        })
    }
}

/// The vendor.
pub(crate) const PROCUREMENT_PROVIDER: Variable = Variable::required(
    "PROCUREMENT_PROVIDER",
    "the vendor's provider id in the Partner Procurement API",
);

/// The products.
pub(crate) const PRODUCTS: Variable = Variable::required(
    "PRODUCTS",
    "product ids this deployment serves, comma-separated: nothing else is approved or counted",
);

/// The policy.
pub(crate) const APPROVAL_POLICY: Variable = Variable::required(
    "APPROVAL_POLICY",
    "entitlements that wait for approval: `auto` approves them, `manual` leaves them to the operator",
);

/// The mode.
pub(crate) const SIGNUP_MODE: Variable = Variable::required(
    "SIGNUP_MODE",
    "`auto`: sign-up is one click; `form`: the customer fills in a form",
);

/// The form.
pub(crate) const SIGNUP_FORM_FIELDS: Variable = Variable::with_default(
    "SIGNUP_FORM_FIELDS",
    "the form's fields among `company`, `name`, `email`, `phone`, `website`; `?` makes one optional",
    "company,name,email",
);

/// The topic.
pub(crate) const EVENTS_TOPIC: Variable = Variable::optional(
    "EVENTS_TOPIC",
    "Pub/Sub topic of the vendor's that hears of changes, such as projects/PROJECT/topics/TOPIC",
);

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
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
        PROCUREMENT_PROVIDER,
        PRODUCTS,
        APPROVAL_POLICY,
        SIGNUP_MODE,
        SIGNUP_FORM_FIELDS,
        EVENTS_TOPIC,
        shared::GOOGLE_CLOUD_PROJECT,
        shared::FIRESTORE_DATABASE,
        shared::LOG_LEVEL,
        shared::LINK_STORE,
        shared::FIRESTORE_EMULATOR_HOST,
        shared::GOOGLE_ORIGIN,
    ]
};

fn provider(text: &str) -> Result<ProviderId, Expected> {
    ProviderId::parse(text).map_err(|_| "a provider id, such as example-partner".into())
}

fn products(text: &str) -> Result<Products, Expected> {
    let expected = Expected::Phrase("a comma-separated list of product ids");
    let ids = parse::list(text, |id| ProductId::parse(id).map_err(|_| expected))?;
    Products::new(ids).ok_or(expected)
}

fn approval_policy(text: &str) -> Result<ApprovalPolicy, Expected> {
    let policies = [ApprovalPolicy::Auto, ApprovalPolicy::Manual];
    parse::one_of(text, &["auto", "manual"], policies)
}

fn mode(text: &str) -> Result<bool, Expected> {
    parse::one_of(text, &["auto", "form"], [false, true])
}

fn form_fields(text: &str) -> Result<FormFields, Expected> {
    let expected = "a comma-separated list of company, name, email, phone and website, each once, \
                    with `?` after those that may stay empty";
    FormFields::parse(text).ok_or_else(|| expected.into())
}

fn topic(text: &str) -> Result<String, Expected> {
    let parts: Vec<_> = text.split('/').collect();
    match parts.as_slice() {
        ["projects", project, "topics", topic] if !topic.is_empty() => {
            parse::project(project).and_then(|_| parse::word(text))
        }
        _ => Err("a topic, such as projects/PROJECT/topics/TOPIC".into()),
    }
}
