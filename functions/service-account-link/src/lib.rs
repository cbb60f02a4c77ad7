#![doc = include_str!("../README.md")]

mod at_google;
mod body;
mod config;
mod customer;
mod error;
mod handler;
mod link;
mod link_request;
mod naming;
mod problem_texts;
mod provide;
mod routes;

pub use config::{Config, VARIABLES};
pub use error::{Error, LinkFault};
pub use handler::{Handler, build};
