//! The environment of the function under test.

use function_tests::environment::of_every_function;
use function_tests::program::Environment;
use marketplace_simulator::Simulator;

/// `aud` of identity tokens.
pub(crate) const AUDIENCE: &str = "https://usage.example.com";

pub(crate) const CALLER: &str = "application@example-project.iam.gserviceaccount.com";

pub(crate) const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// The metrics of the simulator's plan with usage.
const METRICS: &str = "usage-plan/usage_queries:int64,usage-plan/usage_gib_scanned:double";

/// Every required variable; no store yet.
pub(crate) fn environment(public_url: &str, simulator: &Simulator) -> Environment {
    let own = [
        ("IDENTITY_AUDIENCE", AUDIENCE),
        ("CALLERS", CALLER),
        ("SCHEDULER_IDENTITY", SCHEDULER),
        ("SERVICE_NAME", simulator.settings().products[0].id.as_str()),
        ("METRICS", METRICS),
        (
            "PROCUREMENT_PROVIDER",
            simulator.settings().provider.as_str(),
        ),
    ];
    of_every_function(public_url, simulator, own)
}
