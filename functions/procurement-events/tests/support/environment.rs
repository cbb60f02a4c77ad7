//! The environment of the function under test.

use std::collections::BTreeMap;

use marketplace_simulator::Simulator;

/// `aud` of identity tokens.
pub(crate) const AUDIENCE: &str = "https://events.example.com";

/// Who may push.
pub(crate) const PUSH: &str = "push@example-project.iam.gserviceaccount.com";

/// Who may reconcile.
pub(crate) const SCHEDULER: &str = "scheduler@example-project.iam.gserviceaccount.com";

/// Every required variable, with the simulator in Google's place: approval `auto`, no store yet.
pub(crate) fn environment(public_url: &str, simulator: &Simulator) -> BTreeMap<String, String> {
    let settings = simulator.settings();
    let product = settings.products.first().expect("a product");
    let variables = [
        ("PUBLIC_URL", public_url.to_owned()),
        ("GOOGLE_ORIGIN", simulator.origin()),
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        ("PUSH_IDENTITY", PUSH.to_owned()),
        ("SCHEDULER_IDENTITY", SCHEDULER.to_owned()),
        ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
        ("PRODUCTS", product.id.to_string()),
        ("APPROVAL_POLICY", "auto".to_owned()),
    ];
    let variables = variables.into_iter();
    variables
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
