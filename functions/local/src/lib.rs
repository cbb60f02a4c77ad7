#![doc = include_str!("../README.md")]

mod environment;
mod functions;
mod options;
mod running;
mod welcome;

pub use functions::{FunctionError, Functions};
pub use options::{Mode, Options, Policy, SignIn, VARIABLES};
pub use running::{Local, StartError};
pub use welcome::welcome;
