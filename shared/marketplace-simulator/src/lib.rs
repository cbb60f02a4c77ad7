#![doc = include_str!("../README.md")]

mod access_tokens;
mod answer;
mod apis;
mod bridge;
mod calls;
mod clock;
mod cloud;
mod console;
mod delivery;
mod discovery;
mod emulator;
mod event_kind;
mod faults;
mod google_error;
mod google_page;
mod handler;
pub mod hosts;
mod key_rings;
mod matcher;
mod messages;
mod metric;
mod pages;
mod relay;
mod server;
mod service_accounts;
mod service_control;
mod settings;
mod sign_in;
mod simulator;
mod state;
pub mod tokens;
pub mod web;
mod world;

pub use calls::{Call, CallLog};
pub use clock::Clock;
pub use console::{Grant, PageRefused, ServiceAccountPage};
pub use delivery::{Backoff, Delivery, Push, Round};
pub use emulator::{EmulatorError, PubSubEmulator};
pub use event_kind::EventKind;
pub use faults::{Fault, Faults, Planned};
pub use handler::{NeverFails, SimulatorHandler};
pub use matcher::Matcher;
pub use messages::{Attempt, Fate, Message, MessageLog};
pub use metric::{Metric, ValueType};
pub use pages::Pages;
pub use service_accounts::{Propagation, ServiceAccount};
pub use service_control::{
    Bill, BillLine, CheckedOperation, Gaps, Quantity, Repeats, ReportingIds, UsageOperation,
    UsageOutcome, UsageSettings, UsageValue, UserLabels,
};
pub use settings::{
    AccountMessages, Activation, Billing, EntitlementApproval, EventShape, KeyLifetime,
    OrdersInTokens, Plan, Product, Project, Settings,
};
pub use sign_in::{Chooser, OAuthClient, SignInRefused};
pub use simulator::Simulator;
pub use state::{
    Account, Approval, Buyer, Entitlement, NotPossible, OfferEnd, OfferTerm, Order, PrivateOffer,
    User,
};
