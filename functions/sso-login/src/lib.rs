#![doc = include_str!("../README.md")]

mod choose;
mod config;
mod decide;
mod enter;
mod error;
mod hand_over;
mod handler;
mod orders;
mod records;
#[cfg(test)]
mod samples;
mod sign_in;

pub use config::{Config, VARIABLES};
pub use decide::Refusal;
pub use error::{Error, Kind};
pub use handler::{Handler, build};
