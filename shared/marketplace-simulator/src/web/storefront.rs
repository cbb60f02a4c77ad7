//! What the listing says, and where its buttons lead.

/// The vendor as customers see it, and where its Portico is.
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
    /// Where the demo application asks for service account links; without it, it has no *Grant
    /// access*.
    pub service_account_links: Option<ProgramEndpoint>,
    /// Where the demo application records usage; without it, there is nothing to use in it.
    pub usage: Option<ProgramEndpoint>,
}

/// An address of Portico's that the demo application's own server calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramEndpoint {
    /// Such as `http://localhost:8080/service-account-links`.
    pub url: String,
    /// `aud` of the application's identity token: Portico's `IDENTITY_AUDIENCE`.
    pub audience: String,
    /// E-mail of the service account that the application runs as: one of Portico's `CALLERS`.
    pub caller: String,
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
            service_account_links: None,
            usage: None,
        }
    }
}
