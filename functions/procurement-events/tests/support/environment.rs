//! The environment of the function under test.

use function_tests::environment::of_every_function;
use function_tests::program::Environment;
use marketplace_simulator::Simulator;

/// `aud` of identity tokens.
pub(crate) const AUDIENCE: &str = "https://events.example.com";

pub(crate) const PUSH: &str = "push@example-project.iam.gserviceaccount.com";

pub(crate) const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// Every required variable, with approval `auto`; no store yet.
pub(crate) fn environment(public_url: &str, simulator: &Simulator) -> Environment {
    let own = [
        ("IDENTITY_AUDIENCE", AUDIENCE),
        ("PUSH_IDENTITY", PUSH),
        ("SCHEDULER_IDENTITY", SCHEDULER),
        (
            "PROCUREMENT_PROVIDER",
            simulator.settings().provider.as_str(),
        ),
        ("APPROVAL_POLICY", "auto"),
    ];
    of_every_function(public_url, simulator, own)
}
