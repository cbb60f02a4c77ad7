#![doc = include_str!("../README.md")]

mod demo_application;
mod environment;
mod functions;
mod options;
mod pages;
mod running;
mod welcome;

pub use demo_application::{DemoApplication, PorticoEndpoints};
pub use functions::{FunctionError, Functions};
pub use options::{Mode, Options, Policy, SignIn, VARIABLES};
pub use pages::LocalPages;
pub use running::{Local, StartError};
pub use welcome::welcome;
