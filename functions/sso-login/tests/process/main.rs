//! The built program: its configuration, its log, and its two ends.
#![cfg(test)]

mod configuration;
mod ends;
mod program;
mod service;
