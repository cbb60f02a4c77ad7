//! The vendor, as the pages name it.

use url::Url;

/// What the pages say and link to.
#[derive(Debug, Clone)]
pub struct Branding {
    /// The vendor's name as customers know it.
    pub vendor_name: String,
    /// Where a customer finds a person.
    pub support_url: Url,
    /// The product's page in the Marketplace, where every sign-up and login starts.
    pub listing_url: Url,
}
