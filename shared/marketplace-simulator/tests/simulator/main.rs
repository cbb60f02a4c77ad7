//! The simulator as programs meet it: over the wire.

#[cfg(test)]
mod answering;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod application;
#[cfg(test)]
mod authorization;
#[cfg(test)]
mod bill_page;
#[cfg(test)]
mod caller;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod code_exchange;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod emulator;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod granting;
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
mod people;
#[cfg(test)]
mod procurement;
#[cfg(test)]
mod published;
#[cfg(test)]
mod relying_party;
#[cfg(test)]
mod service_account_page;
#[cfg(test)]
mod service_accounts;
#[cfg(test)]
mod sign_in_pages;
#[cfg(test)]
mod sign_jwt;
#[cfg(test)]
mod storefront;
#[cfg(test)]
mod subscriber;
#[cfg(test)]
mod told;
#[cfg(test)]
mod usage_counted;
#[cfg(test)]
mod usage_faults;
#[cfg(test)]
mod usage_refused;
#[cfg(test)]
mod user_info;
#[cfg(test)]
mod using;
