//! The crate as its users see it, with Google's key endpoints faked on the wire.

#[cfg(test)]
mod identity;
#[cfg(test)]
mod key_server;
#[cfg(test)]
mod key_sets;
#[cfg(test)]
mod marketplace_claims;
#[cfg(test)]
mod marketplace_form;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
