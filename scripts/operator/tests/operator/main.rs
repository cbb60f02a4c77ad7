//! The built program against the simulated Marketplace and the Firestore emulator.
#![cfg(test)]

mod absences;
mod accounts;
mod announcing;
mod bare_project;
mod cloud_project;
mod configuration;
mod dead_letters;
mod deployment;
mod doctor;
mod doctor_before;
mod doctor_events;
mod doctor_set_up;
mod entitlements;
mod erasing;
mod exporting;
mod importing;
mod journal;
mod journal_outcomes;
mod ledger_rows;
mod local_world;
mod plan_changes;
mod provider;
mod pubsub_server;
mod rejecting;
mod unreadable;
mod unruled;
mod usage;
mod usage_csv;
mod usage_function;
mod usage_release;
mod usage_retry;
mod waiting;
