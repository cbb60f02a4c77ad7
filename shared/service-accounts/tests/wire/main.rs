//! Service accounts over real HTTP, beside the simulated Google.
#![cfg(test)]

mod calls;
mod refusals;
mod simulated;
