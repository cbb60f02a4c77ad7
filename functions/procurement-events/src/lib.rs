#![doc = include_str!("../README.md")]

mod config;
mod deliver;
mod error;
mod handler;
mod message;
mod push;
mod receipt;

pub use config::{Config, VARIABLES};
pub use error::{Error, Kind};
pub use handler::{Handler, build};
