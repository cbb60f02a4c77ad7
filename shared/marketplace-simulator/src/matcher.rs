//! Which calls are meant.

use http::Method;

/// Picks calls by host, method and a part of the path. What is not said fits any call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matcher {
    host: Option<String>,
    method: Option<Method>,
    path_part: Option<String>,
}

impl Matcher {
    /// Every call.
    pub fn any() -> Self {
        Self::default()
    }

    /// Calls to the Procurement API.
    pub fn procurement() -> Self {
        Self::any().host(crate::hosts::PROCUREMENT)
    }

    /// Fetches of the Marketplace's key set.
    pub fn marketplace_keys() -> Self {
        Self::any().path("/robot/v1/metadata/")
    }

    /// Requests for an access token.
    pub fn access_token() -> Self {
        Self::any()
            .host(crate::hosts::METADATA)
            .path("/service-accounts/default/token")
    }

    /// Browsers that are sent to sign in, and their way through Google's pages.
    pub fn authorization() -> Self {
        Self::any().host(crate::hosts::ACCOUNTS)
    }

    /// Exchanges of an authorization code.
    pub fn code_exchange() -> Self {
        Self::any().host(crate::hosts::OAUTH).path("/token")
    }

    /// Calls of UserInfo, at any address.
    pub fn user_info() -> Self {
        Self::any().path("/userinfo")
    }

    /// Fetches of the key set of Google's identity tokens.
    pub fn identity_keys() -> Self {
        Self::any().host(crate::hosts::WWW).path("/certs")
    }

    /// Calls of `signJwt`.
    pub fn sign_jwt() -> Self {
        Self::any().path(":signJwt")
    }

    /// Calls that publish to a topic of the vendor's own.
    pub fn publish() -> Self {
        Self::any().host(crate::hosts::PUBSUB).path(":publish")
    }

    /// Calls to IAM, about service accounts.
    pub fn iam() -> Self {
        Self::any().host(crate::hosts::IAM)
    }

    /// Browsers on the page that grants a service account access, at any host.
    pub fn service_account_page() -> Self {
        Self::any().path("/marketplace-saas/service-account/")
    }

    /// Calls to Service Control.
    pub fn service_control() -> Self {
        Self::any().host(crate::hosts::SERVICE_CONTROL)
    }

    /// Calls that ask whether a customer may be served.
    pub fn check_usage() -> Self {
        Self::service_control().path(":check")
    }

    /// Calls that report usage.
    pub fn report_usage() -> Self {
        Self::service_control().path(":report")
    }

    /// Only calls to this host, such as `cloudcommerceprocurement.googleapis.com`.
    #[must_use]
    pub fn host(mut self, host: &str) -> Self {
        self.host = Some(host.to_owned());
        self
    }

    /// Only calls with this method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Only calls whose path (below the host, decoded, without the query) contains this text.
    #[must_use]
    pub fn path(mut self, part: &str) -> Self {
        self.path_part = Some(part.to_owned());
        self
    }

    pub(crate) fn fits(&self, method: &Method, host: &str, path: &str) -> bool {
        self.host.as_deref().is_none_or(|wanted| wanted == host)
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self
                .path_part
                .as_deref()
                .is_none_or(|part| path.contains(part))
    }
}
