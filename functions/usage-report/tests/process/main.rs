//! The built program: its configuration and its two ends.

#[cfg(test)]
mod configuration;
#[cfg(test)]
#[path = "../support/environment.rs"]
mod environment;
#[cfg(test)]
#[path = "../support/firestore_emulator.rs"]
mod firestore_emulator;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod running;
