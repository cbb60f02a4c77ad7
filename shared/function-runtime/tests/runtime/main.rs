//! The runtime as functions meet it: real sockets, real limits, captured log lines.

#![cfg(test)]

mod before_body;
mod client;
mod configuration;
mod drain;
mod faults;
mod headers;
mod limits;
mod log_lines;
mod process;
mod server;
