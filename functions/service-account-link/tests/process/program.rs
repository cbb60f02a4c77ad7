//! The built program.

use function_tests::program::{Environment, Program, on_emulator};
use marketplace_simulator::Simulator;

pub(crate) const PROGRAM: Program = Program(env!("CARGO_BIN_EXE_service-account-link"));

/// The environment of design and README, with simulator and emulator in Google's place.
pub(crate) fn environment(simulator: &Simulator) -> Environment {
    on_emulator(crate::environment::environment(
        "http://localhost:8080",
        simulator,
    ))
}
