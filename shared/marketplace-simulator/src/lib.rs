#![doc = include_str!("../README.md")]

mod access_grants;
mod access_tokens;
mod apis;
mod call_log;
mod clock;
mod delivery;
mod discovery;
mod event_kind;
mod faults;
mod google_error;
mod google_page;
mod host_answer;
pub mod hosts;
mod key_rings;
mod marketplace_state;
mod matcher;
mod messages;
mod preset_resources;
mod pubsub_emulator;
mod random;
mod records;
mod service_accounts;
mod service_control;
mod settings;
mod sign_in;
mod simulated_google;
mod simulator;
mod sync;
pub mod tokens;
mod transport_faults;

pub use access_grants::Grant;
pub use apis::PageRefused;
pub use call_log::{Call, CallLog};
pub use clock::Clock;
pub use delivery::{Backoff, Delivery, Push, Round, http_client};
pub use event_kind::EventKind;
pub use faults::{Fault, Faults, Planned};
pub use google_page::{cookie, initials};
pub use marketplace_state::{
    Account, Approval, Buyer, Entitlement, NotPossible, OfferEnd, OfferTerm, Order, PendingOffer,
    PrivateOffer, User,
};
pub use matcher::Matcher;
pub use messages::{Attempt, Message, MessageLog, MessageOutcome, Obstacle};
pub use pubsub_emulator::{EmulatorError, PubSubEmulator};
pub use service_accounts::ServiceAccount;
pub use service_control::{
    Bill, BillLine, CheckedOperation, Quantity, UsageOperation, UsageOutcome, UsageValue,
};
pub use settings::{
    AccountMessages, Activation, ApplicationClock, Billing, EntitlementApproval, EventShape, Gaps,
    KeyLifetime, Metric, OAuthClient, OrdersInTokens, Plan, Product, Project, Propagation, Repeats,
    ReportingIds, ServiceAccountPage, Settings, UsageSettings, UserLabels, ValueType,
};
pub use sign_in::{Chooser, SignInRefused};
pub use simulator::{NeverFails, Pages, Simulator, SimulatorHandler};
pub use sync::Watched;
