//! The environment of the function under test.

use std::collections::BTreeMap;

use marketplace_simulator::Simulator;

/// `aud` of identity tokens.
pub(crate) const AUDIENCE: &str = "https://usage.example.com";

/// Who may record.
pub(crate) const CALLER: &str = "application@example-project.iam.gserviceaccount.com";

/// Who may report.
pub(crate) const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// The metrics of the simulator's plan with usage.
const METRICS: &str = "usage-plan/usage_queries:int64,usage-plan/usage_gib_scanned:double";

/// Every required variable, with the simulator in Google's place; no store yet.
pub(crate) fn environment(public_url: &str, simulator: &Simulator) -> BTreeMap<String, String> {
    let settings = simulator.settings();
    let product = settings.products.first().expect("a product");
    let variables = [
        ("PUBLIC_URL", public_url.to_owned()),
        ("GOOGLE_ORIGIN", simulator.origin()),
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        ("CALLERS", CALLER.to_owned()),
        ("SCHEDULER_IDENTITY", SCHEDULER.to_owned()),
        ("PRODUCTS", product.id.to_string()),
        ("SERVICE_NAME", product.id.to_string()),
        ("METRICS", METRICS.to_owned()),
    ];
    let variables = variables.into_iter();
    variables
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
