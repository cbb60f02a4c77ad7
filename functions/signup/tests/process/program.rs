//! The built program.

use function_tests::environment::of_customers;
use function_tests::program::{Environment, Program, on_emulator};
use marketplace_simulator::Simulator;

pub(crate) const PROGRAM: Program = Program(env!("CARGO_BIN_EXE_signup"));

/// The environment of design and README, with simulator and emulator in Google's place.
pub(crate) fn environment(simulator: &Simulator) -> Environment {
    on_emulator(of_customers("http://localhost:8080", simulator))
}
