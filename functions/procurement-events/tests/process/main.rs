//! The built program: its configuration, its log, and its two ends.

#[cfg(test)]
mod configuration;
#[cfg(test)]
mod drained;
#[cfg(test)]
#[path = "../support/environment.rs"]
mod environment;
#[cfg(test)]
#[path = "../support/firestore_emulator.rs"]
mod firestore_emulator;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod logged;
#[cfg(test)]
mod program;
#[cfg(test)]
#[path = "../support/pushed.rs"]
mod pushed;
#[cfg(test)]
mod running;
#[cfg(test)]
#[path = "../support/sign_up.rs"]
mod sign_up;
