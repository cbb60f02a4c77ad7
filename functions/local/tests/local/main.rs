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
mod events;
mod form_mode;
mod google_sign_in;
mod granting;
mod image;
mod journey;
mod list_crates;
mod login;
mod named_tests;
mod offers;
mod pin;
mod push;
mod refusals;
mod registry;
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
mod visits;
mod workspace;
