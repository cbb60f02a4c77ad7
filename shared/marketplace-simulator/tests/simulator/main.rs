//! The simulator as programs meet it: over the wire.
#![cfg(test)]

mod acting_as;
mod application_metadata;
mod authorization;
mod caller;
mod calls;
mod code_exchange;
mod delivery;
mod discovery_documents;
mod documents;
mod endpoint;
mod faults;
mod keys;
mod metadata_server;
mod metered;
mod official_clients;
mod orders;
mod pages;
mod people;
mod preset_resources;
mod procurement;
mod published;
mod pubsub_emulator;
mod relying_party;
mod service_account_file;
mod service_account_page;
mod service_accounts;
mod sign_in_pages;
mod sign_jwt;
mod unauthenticated;
mod usage_counted;
mod usage_faults;
mod usage_refused;
mod user_info;
