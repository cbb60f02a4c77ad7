//! The built program against the simulated Marketplace and the Firestore emulator.
#![cfg(test)]

mod accounts;
mod cloud_project;
mod configuration;
mod dead_letters;
mod deployment;
mod doctor;
mod doctor_events;
mod doctor_set_up;
mod entitlements;
mod ledger_rows;
mod plan_changes;
mod pubsub_server;
mod usage;
mod usage_csv;
mod usage_function;
mod usage_release;
mod usage_retry;
mod waiting;
