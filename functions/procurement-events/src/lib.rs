#![doc = include_str!("../README.md")]

mod config;
mod error;
mod handler;
mod members;
mod message;
mod push_envelope;
mod receipt;
mod receive_event;
mod reconcile;
mod routes;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

pub use config::{Config, EarlierOrders, VARIABLES};
pub use error::{Error, EventsFault};
pub use handler::{Handler, build};
