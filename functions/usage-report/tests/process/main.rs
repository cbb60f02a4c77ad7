//! The built program: its configuration and its two ends.
#![cfg(test)]

mod configuration;
#[path = "../support/environment.rs"]
mod environment;
mod program;
mod readme;
mod running;
