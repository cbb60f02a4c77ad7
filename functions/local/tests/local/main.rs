//! Everything locally, as a newcomer meets it: in a real browser, and without one.

#![cfg(test)]

mod auto_mode;
mod browser;
mod check;
mod colleagues;
mod decisions;
mod deletion;
mod deploy;
mod dev;
mod dev_application;
mod ending;
mod events;
#[path = "../../../../shared/customer-entry/tests/hand_off_examples/example.rs"]
mod example;
mod examples;
mod form_mode;
mod google_sign_in;
mod granting;
mod image;
mod journey;
mod list_crates;
mod listing;
mod login;
mod named_tests;
mod offers;
mod own_application;
mod phone;
mod pin;
mod push;
mod refusals;
mod registry;
mod release;
mod running_image;
mod scheduler;
mod script_arguments;
mod smoke;
mod stand_ins;
mod starting;
mod stored;
mod stranger;
mod tabs;
mod terraform;
mod terraform_graph;
mod terraform_readme;
mod time;
mod usage;
mod vendor_application;
mod visits;
mod workspace;
