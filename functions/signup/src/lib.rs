#![doc = include_str!("../README.md")]

mod complete;
mod config;
mod decide;
mod error;
mod fields;
mod hand_over;
mod handler;
mod records;
mod register;
mod sign_in;

pub use config::{Config, Mode, VARIABLES};
pub use error::{Error, Kind};
pub use fields::{FormFields, Profile};
pub use handler::{Handler, build};
