#![doc = include_str!("../README.md")]

mod at_google;
mod body;
mod config;
mod customer;
mod error;
mod find_or_create;
mod handler;
mod link;
mod link_request;
mod naming;
mod problem_texts;
mod routes;

pub use config::{Config, VARIABLES};
pub use error::{Error, LinkFault};
pub use handler::{Handler, build};
