//! The built program: its configuration, its log, and its two ends.

#[cfg(test)]
mod configuration;
#[cfg(test)]
#[path = "../../../signup/tests/support/emulator.rs"]
mod emulator;
#[cfg(test)]
mod ends;
#[cfg(test)]
#[path = "../../../signup/tests/support/environment.rs"]
mod environment;
#[cfg(test)]
#[path = "../../../signup/tests/support/hand_off.rs"]
mod hand_off;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod service;
#[cfg(test)]
#[path = "../../../signup/tests/support/wire.rs"]
mod wire;
