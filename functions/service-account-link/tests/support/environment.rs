//! The environment of the function under test.

use function_tests::environment::of_every_function;
use function_tests::program::Environment;
use marketplace_simulator::Simulator;

pub(crate) const AUDIENCE: &str = "https://links.example.com";
pub(crate) const CALLER: &str = "application@example-project.iam.gserviceaccount.com";
pub(crate) const PROJECT: &str = "vendor-customers";
pub(crate) const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";

/// Every required variable, and the link back; no store yet.
pub(crate) fn environment(public_url: &str, simulator: &Simulator) -> Environment {
    let callers = format!("other@example-project.iam.gserviceaccount.com, {CALLER}");
    let roles = "bigquery.dataViewer,storage.objectViewer";
    let own = [
        ("IDENTITY_AUDIENCE", AUDIENCE),
        ("CALLERS", &callers),
        ("SERVICE_ACCOUNT_PROJECT", PROJECT),
        ("SERVICE_NAME", SERVICE),
        ("SERVICE_ACCOUNT_ROLES", roles),
        ("REDIRECT_DOMAINS", "app.example.com,*.example.org"),
    ];
    of_every_function(public_url, simulator, own)
}
