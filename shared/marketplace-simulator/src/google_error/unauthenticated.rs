//! 401: Google does not know who calls.

use serde_json::json;

use super::GoogleError;

/// Why a request has no caller. The reasons are those of `google.api.ErrorReason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unauthenticated {
    /// It brings no credential.
    Missing,
    /// Its access token has ended, or was revoked.
    Expired,
    /// What it brings is no access token: an identity token, say.
    Unsupported,
}

impl Unauthenticated {
    /// Google's answer to a call of this host. Google names the gRPC method too, which no discovery
    /// document has.
    pub(crate) fn error(self, host: &str) -> GoogleError {
        self.without_details().with_detail(json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": self.reason(),
            "domain": "googleapis.com",
            "metadata": {"service": host},
        }))
    }

    pub(super) fn without_details(self) -> GoogleError {
        let first = match self {
            Self::Missing => "Request is missing required authentication credential.",
            Self::Expired | Self::Unsupported => "Request had invalid authentication credentials.",
        };
        let text = format!(
            "{first} Expected OAuth 2 access token, login cookie or other valid authentication \
             credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
        );
        let mut error = GoogleError::new(401, "UNAUTHENTICATED", text);
        error.challenge = Some(self.challenge());
        error
    }

    /// RFC 6750, section 3: a request without credentials is told no error code.
    fn challenge(self) -> &'static str {
        match self {
            Self::Missing => r#"Bearer realm="https://accounts.google.com/""#,
            Self::Expired | Self::Unsupported => {
                r#"Bearer realm="https://accounts.google.com/", error="invalid_token""#
            }
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Missing => "CREDENTIALS_MISSING",
            Self::Expired => "ACCESS_TOKEN_EXPIRED",
            Self::Unsupported => "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        }
    }
}
