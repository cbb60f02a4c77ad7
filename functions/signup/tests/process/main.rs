//! The built program: its configuration, its log, and its two ends.

#[cfg(test)]
mod configuration;
#[cfg(test)]
#[path = "../support/emulator.rs"]
mod emulator;
#[cfg(test)]
mod ends;
#[cfg(test)]
#[path = "../support/environment.rs"]
mod environment;
#[cfg(test)]
#[path = "../support/hand_off.rs"]
mod hand_off;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod service;
#[cfg(test)]
#[path = "../support/wire.rs"]
mod wire;
