#![doc = include_str!("../README.md")]

mod access_tokens;
mod answer;
mod apis;
mod calls;
mod discovery;
mod faults;
mod google_error;
mod handler;
pub mod hosts;
mod key_rings;
mod matcher;
mod pages;
mod relay;
mod server;
mod settings;
mod simulator;
mod state;
pub mod tokens;
pub mod web;
mod world;

pub use calls::{Call, CallLog};
pub use faults::{Fault, Faults, Planned};
pub use handler::{NeverFails, SimulatorHandler};
pub use matcher::Matcher;
pub use pages::Pages;
pub use settings::{
    Activation, Billing, KeyLifetime, OrdersInTokens, Plan, Product, Project, Settings,
};
pub use simulator::Simulator;
pub use state::{Account, Approval, Buyer, Entitlement, NotPossible, Order, User};
