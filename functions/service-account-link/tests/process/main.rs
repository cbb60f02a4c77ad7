//! The built program: its configuration, its service, its log, and its end.
#![cfg(test)]

mod configuration;
#[path = "../support/customer.rs"]
mod customer;
#[path = "../support/environment.rs"]
mod environment;
mod program;
mod readme;
mod service;
