//! The crate as its users see it, with Google's key endpoints faked on the wire.

#![cfg(test)]

mod identity;
mod key_server;
mod key_sets;
mod marketplace_claims;
mod marketplace_form;
mod mutations;
mod outages;
mod sign_in;
mod support;
