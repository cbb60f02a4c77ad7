#![doc = include_str!("../README.md")]

mod answer;
mod body;
mod config;
mod decide;
mod error;
mod handler;
mod record;
mod report;
mod service_control;

pub use config::{Config, VARIABLES, ZeroUsage};
pub use error::{Error, Kind};
pub use handler::{Handler, build};
pub use report::Reported;
