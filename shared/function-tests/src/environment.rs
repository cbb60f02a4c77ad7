//! The environment of a function that customers visit, and of its program.

use marketplace_simulator::Simulator;

use crate::program::Environment;

/// Where hand-offs go.
pub const APPLICATION: &str = "https://app.example.com";

/// The product's page in the Marketplace.
pub const LISTING: &str = "https://console.cloud.google.com/marketplace/product/example";

/// Where customers find help.
pub const SUPPORT: &str = "https://example.com/support";

/// Every variable that such a function requires, with the simulator in Google's place: mode `auto`, approval `auto`, no
/// store yet.
pub fn of_customers(public_url: &str, simulator: &Simulator) -> Environment {
    let settings = simulator.settings();
    let product = settings.products.first().expect("a product");
    let variables = [
        ("PUBLIC_URL", public_url.to_owned()),
        ("GOOGLE_ORIGIN", simulator.origin()),
        ("MARKETPLACE_AUDIENCES", settings.audience.clone()),
        ("VENDOR_NAME", "Example Analytics".to_owned()),
        ("SUPPORT_URL", SUPPORT.to_owned()),
        ("LISTING_URL", LISTING.to_owned()),
        ("APPLICATION_SIGNUP_URL", format!("{APPLICATION}/signup")),
        ("APPLICATION_LOGIN_URL", format!("{APPLICATION}/login")),
        ("HAND_OFF_SIGNER", settings.hand_off_signer.clone()),
        ("GOOGLE_SIGN_IN", "off".to_owned()),
        ("PROCUREMENT_PROVIDER", settings.provider.to_string()),
        ("PRODUCTS", product.id.to_string()),
        ("APPROVAL_POLICY", "auto".to_owned()),
        ("SIGNUP_MODE", "auto".to_owned()),
    ];
    variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
