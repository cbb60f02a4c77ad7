//! Sign in with Google for web servers: OAuth 2.0 with OpenID Connect, by the authorization code.
//!
//! | address | answers |
//! |---|---|
//! | `accounts.google.com/o/oauth2/v2/auth` | the browser: [`browser`] |
//! | `oauth2.googleapis.com/token`, `www.googleapis.com/oauth2/v4/token` | the program: [`exchange`], or with a key of a service account [`assertion`] |
//! | `oauth2.googleapis.com/tokeninfo` | the program, about a token of its own: [`token_info`] |
//! | `openidconnect.googleapis.com/v1/userinfo`, `www.googleapis.com/oauth2/{v2,v3}/userinfo` | the program: [`user_info`] |

mod assertion;
mod browser;
mod exchange;
mod pages;
mod token_info;
mod user_info;

use function_runtime::Request;
use http::Method;
use jiff::Timestamp;

use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::simulated_google::SimulatedGoogle;
pub(crate) use user_info::{UserInfoForm, user_info};

/// An endpoint of OAuth or OpenID Connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInEndpoint {
    Authorization,
    Token,
    /// Whose a token of the metadata server is.
    TokenInfo,
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
            (hosts::OAUTH, ["token"]) | (hosts::WWW, ["oauth2", "v4", "token"])
                if method == Method::POST =>
            {
                Some(Self::Token)
            }
            (hosts::OAUTH, ["tokeninfo"]) if is_get => Some(Self::TokenInfo),
            (hosts::OPENID_CONNECT, ["v1", "userinfo"])
            | (hosts::WWW, ["oauth2", "v3", "userinfo"])
                if is_get =>
            {
                Some(Self::UserInfo)
            }
            _ => None,
        }
    }

    /// `machine_now` is by the machine's clock, by which service accounts' access tokens live.
    pub(crate) fn answer(
        self,
        google: &SimulatedGoogle,
        request: &Request,
        machine_now: Timestamp,
    ) -> HostAnswer {
        match self {
            Self::Authorization => browser::browse(google, request),
            Self::Token => exchange::exchange(google, request, machine_now),
            Self::TokenInfo => token_info::token_info(google, request, machine_now),
            Self::UserInfo => user_info(google, UserInfoForm::OpenId, request),
        }
    }
}
