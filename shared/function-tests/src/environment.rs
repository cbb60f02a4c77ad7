//! The environment of a function and of its program, with the simulator in Google's place.

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
    of_every_function(
        public_url,
        simulator,
        [
            ("MARKETPLACE_AUDIENCES", settings.audience.as_str()),
            ("VENDOR_NAME", "Example Analytics"),
            ("SUPPORT_URL", SUPPORT),
            ("LISTING_URL", LISTING),
            ("APPLICATION_SIGNUP_URL", &format!("{APPLICATION}/signup")),
            ("APPLICATION_LOGIN_URL", &format!("{APPLICATION}/login")),
            ("HAND_OFF_SIGNER", &settings.hand_off_signer),
            ("GOOGLE_SIGN_IN", "off"),
            ("PROCUREMENT_PROVIDER", settings.provider.as_str()),
            ("APPROVAL_POLICY", "auto"),
            ("SIGNUP_MODE", "auto"),
        ],
    )
}

/// What every function requires, and these variables of its own.
pub fn of_every_function<const N: usize>(
    public_url: &str,
    simulator: &Simulator,
    own: [(&str, &str); N],
) -> Environment {
    let product = simulator.settings().products.first().expect("a product");
    let common = [
        ("PUBLIC_URL", public_url),
        ("GOOGLE_ORIGIN", &simulator.origin()),
        ("PRODUCTS", product.id.as_str()),
    ];
    let variables = common.into_iter().chain(own);
    variables
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
