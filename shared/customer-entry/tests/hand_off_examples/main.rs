//! The examples for application developers, each as its own process, receive what Portico hands over.
//!
//! Google is the simulator: it signs the hand-offs and publishes the signer's keys.

#![cfg(test)]

mod application;
mod customers;
mod keys;
mod large;
mod portico;
mod refusals;
