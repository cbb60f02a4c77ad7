//! What the listing says, and where its buttons lead.

/// The vendor as customers see it, and where its pages are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storefront {
    /// Who sells.
    pub vendor: String,
    /// What is sold, in a sentence or two.
    pub summary: String,
    /// Where *Register* posts its token, such as `http://localhost:8080/signup`.
    pub signup_url: String,
    /// Where *Manage on provider's site* and *Sign in with SSO* post their token, and where *Sign in
    /// without SSO* leads; without it there is none of them.
    pub login_url: Option<String>,
}

impl Storefront {
    /// The storefront of the example vendor, whose sign-up is at this address.
    pub fn example(signup_url: &str) -> Self {
        Self {
            vendor: "Example Partner".to_owned(),
            summary: "Dashboards over the data you already have in BigQuery. Connect a project, \
                      ask a question, share the answer."
                .to_owned(),
            signup_url: signup_url.to_owned(),
            login_url: None,
        }
    }
}
