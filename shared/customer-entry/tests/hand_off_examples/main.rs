//! The examples for application developers, each as its own process, receive what Portico hands over.
//!
//! Google is the simulator: it signs the hand-offs and publishes the signer's keys.

#[cfg(test)]
mod application;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod portico;
#[cfg(test)]
mod refusals;
