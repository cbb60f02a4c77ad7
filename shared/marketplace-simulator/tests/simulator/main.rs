//! The simulator as programs meet it: over the wire.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod bill_page;
#[cfg(test)]
mod caller;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod emulator;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod metered;
#[cfg(test)]
mod official_clients;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod procurement;
#[cfg(test)]
mod published;
#[cfg(test)]
mod service_accounts;
#[cfg(test)]
mod sign_jwt;
#[cfg(test)]
mod subscriber;
#[cfg(test)]
mod usage_counted;
#[cfg(test)]
mod usage_faults;
#[cfg(test)]
mod usage_refused;
