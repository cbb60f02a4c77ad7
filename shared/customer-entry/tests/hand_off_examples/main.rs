//! The examples for application developers, each as its own process, receive what Portico hands over and
//! publishes.
//!
//! Google is the simulator: it signs the hand-offs and publishes the keys. Usage and links, which need Portico's
//! functions, are tested in `local`.

#![cfg(test)]

mod application;
mod customers;
mod example;
mod keys;
mod large;
mod news;
mod portico;
mod refusals;
