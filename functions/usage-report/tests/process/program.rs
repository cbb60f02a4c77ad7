//! The built program.

use function_tests::program::{Environment, Program, on_emulator};
use marketplace_simulator::Simulator;

pub(crate) const PROGRAM: Program = Program(env!("CARGO_BIN_EXE_usage-report"));

/// The environment of design and README, with simulator and emulator in Google's place, and a topic.
pub(crate) fn environment(simulator: &Simulator) -> Environment {
    let mut environment = crate::environment::environment("http://localhost:8080", simulator);
    let topic = simulator.settings().topics[0].clone();
    environment.insert("EVENTS_TOPIC".to_owned(), topic);
    on_emulator(environment)
}
