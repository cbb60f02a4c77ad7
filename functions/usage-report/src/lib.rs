#![doc = include_str!("../README.md")]

mod config;
mod create_meter;
mod entitlement_end;
mod error;
mod handler;
mod post_report;
mod post_usage;
mod recording;
mod reopen;
mod reporting;
mod routes;
mod service_control;

pub use config::{Config, VARIABLES, ZeroUsage};
pub use error::{Error, UsageFault};
pub use handler::{Handler, build};
pub use reporting::ReportSummary;
