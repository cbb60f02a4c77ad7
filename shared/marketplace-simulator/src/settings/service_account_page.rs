//! What the vendor has registered with Google's Partner Engineer.

use marketplace::service_account_page::{GrantableRoles, RedirectDomain, ServiceName};

/// How the page on which customers grant access is set up. [`Default`] is a vendor of one service, with
/// three roles and a console at `app.example.com` or below `example.org`.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceAccountPage {
    /// The registered service name.
    pub service: ServiceName,
    /// The registered roles: a link that names none asks for all.
    pub roles: GrantableRoles,
    /// Where a link back may lead; beside these, to the simulator itself, where the demo application is.
    pub redirect_domains: Vec<RedirectDomain>,
    /// The projects of the customer at the browser, beside those that a link names.
    pub customer_projects: Vec<String>,
}

impl Default for ServiceAccountPage {
    fn default() -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let roles = [
            "bigquery.dataViewer",
            "bigquery.jobUser",
            "storage.objectViewer",
        ];
        let domains = ["app.example.com", "*.example.org"];
        Self {
            service: literal(ServiceName::parse(
                "product.endpoints.example-partner.cloud.goog",
            )),
            roles: literal(GrantableRoles::parse(texts(&roles))),
            redirect_domains: domains
                .map(|domain| literal(RedirectDomain::parse(domain)))
                .to_vec(),
            customer_projects: texts(&["acme-analytics", "acme-warehouse", "acme-sandbox"]),
        }
    }
}

/// What stands in this file is well formed.
#[expect(clippy::expect_used, reason = "only literals of this file come here")]
fn literal<T>(parsed: Option<T>) -> T {
    parsed.expect("a literal is well formed")
}
