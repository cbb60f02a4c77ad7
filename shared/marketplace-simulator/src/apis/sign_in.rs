//! Sign in with Google: which of its endpoints a request means.

use function_runtime::Request;
use http::Method;

use crate::answer::Answer;
use crate::hosts;
use crate::sign_in::{self, UserInfoForm};
use crate::world::World;

/// An endpoint of OAuth or OpenID Connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInEndpoint {
    /// For browsers.
    Authorization,
    Token,
    /// In the form of OpenID Connect; the other one has a discovery document.
    UserInfo,
}

impl SignInEndpoint {
    /// The endpoint at this path (segments below the host).
    pub(crate) fn find(method: &Method, host: &str, path: &[String]) -> Option<Self> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let is_get = method == Method::GET;
        match (host, path.as_slice()) {
            (hosts::ACCOUNTS, ["o", "oauth2", "v2", "auth"])
                if is_get || method == Method::POST =>
            {
                Some(Self::Authorization)
            }
            (hosts::OAUTH, ["token"]) if method == Method::POST => Some(Self::Token),
            (hosts::OPENID_CONNECT, ["v1", "userinfo"])
            | (hosts::WWW, ["oauth2", "v3", "userinfo"])
                if is_get =>
            {
                Some(Self::UserInfo)
            }
            _ => None,
        }
    }

    pub(crate) fn answer(self, world: &World, request: &Request) -> Answer {
        match self {
            Self::Authorization => sign_in::browse(world, request),
            Self::Token => sign_in::exchange(world, request),
            Self::UserInfo => sign_in::user_info(world, UserInfoForm::OpenId, request),
        }
    }
}
