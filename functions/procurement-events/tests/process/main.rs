//! The built program: its configuration, its log, and its two ends.
#![cfg(test)]

mod configuration;
mod drained;
#[path = "../support/environment.rs"]
mod environment;
mod killed;
mod large_push;
mod logged;
mod program;
#[path = "../support/pushed.rs"]
mod pushed;
mod running;
#[path = "../support/sign_up.rs"]
mod sign_up;
