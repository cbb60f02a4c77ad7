//! The built program: its configuration, its service, its log, and its end.

#[cfg(test)]
mod configuration;
#[cfg(test)]
#[path = "../support/customer.rs"]
mod customer;
#[cfg(test)]
#[path = "../support/emulator.rs"]
mod emulator;
#[cfg(test)]
#[path = "../support/environment.rs"]
mod environment;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod service;
