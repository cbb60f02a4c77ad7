//! The built program.

use function_tests::program::{Environment, Program, on_emulator};
use marketplace_simulator::Simulator;

pub(crate) const PROGRAM: Program = Program(env!("CARGO_BIN_EXE_usage-report"));

/// The environment of design and README, with simulator and emulator in Google's place, and a topic.
pub(crate) fn environment(simulator: &Simulator) -> Environment {
    let mut environment = crate::environment::environment("http://localhost:8080", simulator);
    for (name, value) in [
        ("EVENTS_TOPIC", simulator.settings().topics[0].as_str()),
        ("PROCUREMENT_PROVIDER", "example-partner"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    on_emulator(environment)
}
