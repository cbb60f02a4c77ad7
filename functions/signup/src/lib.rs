#![doc = include_str!("../README.md")]

mod approve_account;
mod approve_entitlements;
mod arrive;
mod config;
mod continue_sign_up;
mod form_fields;
mod google_sign_in_routes;
mod hand_off_approved;
mod handler;
mod known_orders;
mod next_step;
mod paths;
mod prepared_hand_off;
mod read_owned;
mod registration;
mod registration_commit;
mod registration_form;
mod routes;
mod sign_up_fault;
mod unclear_approval;

pub use config::{Config, Mode, VARIABLES};
pub use form_fields::{FormFields, Profile};
pub use handler::{Handler, build};
pub use sign_up_fault::{Error, SignUpFault};
