#![doc = include_str!("../README.md")]

mod arrive;
mod choose_order;
mod config;
mod continue_login;
mod google_sign_in_routes;
mod hand_off;
mod handler;
mod login;
mod login_commit;
mod next_step;
mod order_list;
mod orders;
mod paths;
mod routes;
#[cfg(test)]
mod tests;

pub use config::{Config, VARIABLES};
pub use customer_entry::Error;
pub use handler::{Handler, build};
