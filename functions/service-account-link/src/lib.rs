#![doc = include_str!("../README.md")]

mod at_google;
mod body;
mod config;
mod customer;
mod error;
mod handler;
mod naming;
mod provide;
mod rejections;

pub use config::{Config, VARIABLES};
pub use error::{Error, Kind};
pub use handler::{Handler, build};
