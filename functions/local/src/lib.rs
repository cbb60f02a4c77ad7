#![doc = include_str!("../README.md")]

mod application_time;
mod demo_application;
mod environment;
mod functions;
mod hand_offs;
mod options;
mod own_application;
mod pages;
mod running;
mod variables;
mod welcome;

pub use demo_application::{DemoApplication, PorticoEndpoints};
pub use functions::{FunctionError, Functions};
pub use options::{Mode, Options, Policy, SignIn, VARIABLES};
pub use own_application::{News, OwnApplication};
pub use pages::LocalPages;
pub use running::{Local, StartError};
pub use variables::{all_variables, read_options, unused_project};
pub use welcome::welcome;
