//! The settings of procurement events.

use approval::ApprovalSettings;
use function_runtime::{Base, Env, Problems, Reader, StoreSettings, Variable, parse};
use jiff::SignedDuration;
use verification::{AcceptedEmails, Audiences};

/// Everything this function reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// What every function has.
    pub base: Base,
    /// Where accounts and orders are stored.
    pub store: StoreSettings,
    /// What is approved, and where news is published.
    pub approval: ApprovalSettings,
    /// Read from `IDENTITY_AUDIENCE`.
    pub audience: Audiences,
    /// Read from `PUSH_IDENTITY`.
    pub push: AcceptedEmails,
    /// Read from `SCHEDULER_IDENTITY`.
    pub scheduler: AcceptedEmails,
    /// Read from `ERASE_AFTER`: how long after its closing an account's personal data is erased.
    pub erase_after: SignedDuration,
    /// Read from `TELL_OF_EARLIER_ORDERS`.
    pub earlier_orders: EarlierOrders,
}

/// What the application is told of orders that were in force before Portico was there, when reconciliation first finds
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierOrders {
    /// Nothing: it has these customers from the integration before.
    Quiet,
    /// As of orders that have come into force just now.
    Told,
}

impl Config {
    /// Reads the environment, and reports every problem of it at once.
    pub fn from_env(env: &dyn Env) -> Result<Self, Problems> {
        let mut reader = Reader::new(env);
        let base = Base::read(&mut reader);
        let store = StoreSettings::read(&mut reader);
        let approval = ApprovalSettings::read(&mut reader);
        let audience = callers::audience(&mut reader);
        let push = reader.required(&PUSH_IDENTITY, callers::email);
        let scheduler = reader.required(&SCHEDULER_IDENTITY, callers::email);
        let erase_after = reader.required(&ERASE_AFTER, parse::days);
        let earlier_orders = reader.required(&TELL_OF_EARLIER_ORDERS, |text| {
            let answers = [EarlierOrders::Quiet, EarlierOrders::Told];
            parse::one_of(text, &["no", "yes"], answers)
        });
        reader.finish(|| {
            Some(Self {
                base: base?,
                store: store?,
                approval: approval?,
                audience: audience?,
                push: push?,
                scheduler: scheduler?,
                erase_after: erase_after?,
                earlier_orders: earlier_orders?,
            })
        })
    }
}

const PUSH_IDENTITY: Variable = Variable::required(
    "PUSH_IDENTITY",
    "service account with which the push subscription calls `/events`: its e-mail, or `EMAIL=UNIQUE_ID`",
);

const SCHEDULER_IDENTITY: Variable = Variable::required(
    "SCHEDULER_IDENTITY",
    "service account with which the scheduler job calls `/reconcile`: its e-mail, or `EMAIL=UNIQUE_ID`",
);

const ERASE_AFTER: Variable = Variable::with_default(
    "ERASE_AFTER",
    "days from the closing of an account until the personal data of its users is erased; `0` erases at once",
    "30",
);

const TELL_OF_EARLIER_ORDERS: Variable = Variable::with_default(
    "TELL_OF_EARLIER_ORDERS",
    "whether the application is told of orders that were in force before Portico was there, once reconciliation finds \
     them: `no` or `yes`",
    "no",
);

/// Every variable of this function, in the order of its README.
pub const VARIABLES: &[Variable] = &{
    use approval::variables as approval;
    use function_runtime::variables as shared;
    [
        shared::PORT,
        shared::PUBLIC_URL,
        callers::IDENTITY_AUDIENCE,
        PUSH_IDENTITY,
        SCHEDULER_IDENTITY,
        approval::PROCUREMENT_PROVIDER,
        shared::PRODUCTS,
        approval::APPROVAL_POLICY,
        outbox::EVENTS_TOPIC,
        ERASE_AFTER,
        TELL_OF_EARLIER_ORDERS,
        shared::GOOGLE_CLOUD_PROJECT,
        shared::FIRESTORE_DATABASE,
        shared::LOG_LEVEL,
        shared::LINK_STORE,
        shared::FIRESTORE_EMULATOR_HOST,
        shared::GOOGLE_ORIGIN,
    ]
};
