//! The metadata server of Cloud Run.
//!
//! Source: Cloud Run's container contract, and what Google's libraries ask for. It is plain HTTP, and wants
//! `Metadata-Flavor: Google`.

mod refusal;
mod tree;

use function_runtime::Request;
use http::header::HeaderName;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::json;

use super::account_identity::AccountIdentity;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;
pub(crate) use refusal::refused;
use tree::Node;

const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");

/// Which program a metadata server is the one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MetadataServer {
    /// Portico's functions: below the host's name, as all that they call.
    Portico,
    /// The vendor's application: at the root, where Google's libraries look with `GCE_METADATA_HOST`.
    Application,
}

/// What a metadata server is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MetadataRequest {
    /// What never changes.
    Value {
        text: String,
        is_json: bool,
    },
    Token,
    Identity {
        audience: String,
    },
}

impl MetadataServer {
    /// Whether this request (segments of its whole path) is one for the metadata server at the root. Of the
    /// root itself only what a browser cannot send.
    pub(crate) fn is_at_root(path: &[String], headers: &HeaderMap) -> bool {
        match path {
            [only] if only.is_empty() => is_asked_properly(headers),
            [first, ..] => first == "computeMetadata",
            [] => false,
        }
    }

    /// What is asked for at this path (segments below the host), or how that is refused.
    pub(crate) fn understand(
        self,
        google: &SimulatedGoogle,
        path: &[String],
        request: &Request,
    ) -> Result<MetadataRequest, GoogleError> {
        if !is_asked_properly(&request.headers) {
            return Err(GoogleError::permission_denied());
        }
        let query = request.uri.query().unwrap_or_default();
        let asked = MetadataRequest::find(google, self, path, query);
        let asked = asked.filter(|_| request.method == Method::GET);
        match asked.ok_or_else(GoogleError::not_found)? {
            MetadataRequest::Identity { audience } if audience.is_empty() => Err(
                GoogleError::invalid_argument("non-empty audience parameter required"),
            ),
            asked => Ok(asked),
        }
    }

    fn email(self, google: &SimulatedGoogle) -> &str {
        match self {
            Self::Portico => &google.settings.service_account,
            Self::Application => &google.settings.application_service_account,
        }
    }

    fn now(self, google: &SimulatedGoogle) -> Timestamp {
        match self {
            Self::Portico => google.now(),
            Self::Application => google.application_now(),
        }
    }

    /// What the log says of a token.
    fn summary(self, what: &str) -> String {
        match self {
            Self::Portico => what.to_owned(),
            Self::Application => format!("{what} of the application's"),
        }
    }

    /// `machine_now` is by the machine's clock, by which access tokens live.
    pub(crate) fn answer(
        self,
        google: &SimulatedGoogle,
        request: &MetadataRequest,
        machine_now: Timestamp,
    ) -> HostAnswer {
        let answer = match request {
            MetadataRequest::Value { text, is_json } => {
                let kind = if *is_json {
                    "application/json"
                } else {
                    "application/text"
                };
                let summary = text.trim_end().replace('\n', ", ");
                HostAnswer::ok(kind, text.clone(), summary)
            }
            MetadataRequest::Token => self.access_token(google, machine_now),
            MetadataRequest::Identity { audience } => self.identity_token(google, audience),
        };
        answer.with_header(FLAVOR, "Google")
    }

    fn access_token(self, google: &SimulatedGoogle, now: Timestamp) -> HostAnswer {
        let (token, left) = google.access_tokens.current(self.email(google), now);
        let body = json!({
            "access_token": token,
            "expires_in": left,
            "token_type": "Bearer",
        });
        let summary = self.summary("an access token");
        HostAnswer::ok("application/json", body.to_string(), summary)
    }

    /// With the e-mail, whatever `format` says: Cloud Run's has it always.
    fn identity_token(self, google: &SimulatedGoogle, audience: &str) -> HostAnswer {
        let account = AccountIdentity::of_the_vendor(google, self.email(google));
        let claims = account.claims(self.now(google), audience);
        let token = claims.signed_by(google.keys.identity.current());
        let summary = self.summary("an identity token");
        HostAnswer::ok("application/text", token, summary)
    }
}

impl MetadataRequest {
    /// The path (segments below the host) with its query. A directory is found with a slash at the end and
    /// without; Google sends a program from the one to the other.
    fn find(
        google: &SimulatedGoogle,
        server: MetadataServer,
        path: &[String],
        query: &str,
    ) -> Option<Self> {
        let mut path: Vec<&str> = path.iter().map(String::as_str).collect();
        let has_slash = path.pop_if(|last| last.is_empty()).is_some();
        let email = server.email(google);
        let token = Self::find_token(&path, query, email).filter(|_| !has_slash);
        if token.is_some() {
            return token;
        }
        let root = tree::root(&google.settings, email);
        let node = root.at(&path)?;
        let is_directory = matches!(node, Node::Directory(_));
        if has_slash && !is_directory {
            return None;
        }
        let is_recursive = parameter(query, "recursive").is_some_and(|it| it == "true");
        let is_json = is_directory && is_recursive;
        let text = if is_json {
            node.json().unwrap_or_default().to_string()
        } else {
            node.text()
        };
        Some(Self::Value { text, is_json })
    }

    fn find_token(path: &[&str], query: &str, email: &str) -> Option<Self> {
        let [
            "computeMetadata",
            "v1",
            "instance",
            "service-accounts",
            account,
            what,
        ] = path
        else {
            return None;
        };
        if *account != "default" && *account != email {
            return None;
        }
        match *what {
            "token" => Some(Self::Token),
            "identity" => {
                let audience = parameter(query, "audience").unwrap_or_default();
                Some(Self::Identity { audience })
            }
            _ => None,
        }
    }
}

/// Whether the request may be answered: anything that a browser could send may not.
fn is_asked_properly(headers: &HeaderMap) -> bool {
    headers.get(FLAVOR).is_some_and(|flavor| flavor == "Google")
        && !headers.contains_key("x-forwarded-for")
}

/// A parameter of the query, the first of its name.
fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(given, _)| given == name)
        .map(|(_, value)| value.into_owned())
}
