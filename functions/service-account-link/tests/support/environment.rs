//! The environment of the function under test.

use std::collections::BTreeMap;

use marketplace_simulator::Simulator;

pub(crate) const AUDIENCE: &str = "https://links.example.com";
pub(crate) const CALLER: &str = "application@example-project.iam.gserviceaccount.com";
pub(crate) const PROJECT: &str = "vendor-customers";
pub(crate) const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";

/// Every required variable, with the simulator in Google's place, and the link back; no store yet.
pub(crate) fn environment(public_url: &str, simulator: &Simulator) -> BTreeMap<String, String> {
    let settings = simulator.settings();
    let product = settings.products.first().expect("a product");
    let variables = [
        ("PUBLIC_URL", public_url.to_owned()),
        ("GOOGLE_ORIGIN", simulator.origin()),
        ("IDENTITY_AUDIENCE", AUDIENCE.to_owned()),
        (
            "CALLERS",
            format!("other@example-project.iam.gserviceaccount.com, {CALLER}"),
        ),
        ("PRODUCTS", product.id.to_string()),
        ("SERVICE_ACCOUNT_PROJECT", PROJECT.to_owned()),
        ("SERVICE_NAME", SERVICE.to_owned()),
        (
            "SERVICE_ACCOUNT_ROLES",
            "bigquery.dataViewer,storage.objectViewer".to_owned(),
        ),
        (
            "REDIRECT_DOMAINS",
            "app.example.com,*.example.org".to_owned(),
        ),
    ];
    variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
