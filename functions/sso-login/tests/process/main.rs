//! The built program: its configuration, its log, and its two ends.

#[cfg(test)]
mod configuration;
#[cfg(test)]
mod ends;
#[cfg(test)]
mod program;
#[cfg(test)]
mod service;
