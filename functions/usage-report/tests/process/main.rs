//! The built program: its configuration and its two ends.

#[cfg(test)]
mod configuration;
#[cfg(test)]
#[path = "../support/environment.rs"]
mod environment;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod running;
