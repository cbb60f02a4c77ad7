//! The metadata server of Cloud Run.
//!
//! Source: Cloud Run's container contract. It is plain HTTP, and wants `Metadata-Flavor: Google`.

use http::HeaderMap;
use http::header::HeaderName;
use jiff::Timestamp;
use serde_json::json;

use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;
use crate::tokens::IdentityClaims;

const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");
/// The region that the simulated service runs in.
const REGION: &str = "europe-west1";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MetadataPath {
    ProjectId,
    ProjectNumber,
    Region,
    InstanceId,
    UniverseDomain,
    Email,
    Token,
    Identity { audience: String },
}

impl MetadataPath {
    /// The path (segments below the host) with its query.
    pub(crate) fn find(path: &[String], query: &str) -> Option<Self> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let ["computeMetadata", "v1", rest @ ..] = path.as_slice() else {
            return None;
        };
        Some(match rest {
            ["project", "project-id"] => Self::ProjectId,
            ["project", "numeric-project-id"] => Self::ProjectNumber,
            ["instance", "region"] => Self::Region,
            ["instance", "id"] => Self::InstanceId,
            ["universe", "universe-domain"] => Self::UniverseDomain,
            ["instance", "service-accounts", "default", what] => match *what {
                "email" => Self::Email,
                "token" => Self::Token,
                "identity" => Self::Identity {
                    audience: audience(query)?,
                },
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Whether the request may be answered: anything that a browser could send may not.
    pub(crate) fn is_asked_properly(headers: &HeaderMap) -> bool {
        headers.get(FLAVOR).is_some_and(|flavor| flavor == "Google")
            && !headers.contains_key("x-forwarded-for")
    }

    pub(crate) fn answer(&self, google: &SimulatedGoogle, now: Timestamp) -> HostAnswer {
        let settings = &google.settings;
        let number = settings.project.number;
        let answer = match self {
            Self::ProjectId => text(settings.project.id.clone()),
            Self::ProjectNumber => text(number.to_string()),
            Self::Region => text(format!("projects/{number}/regions/{REGION}")),
            Self::InstanceId => text("0".repeat(64)),
            Self::UniverseDomain => text("googleapis.com".to_owned()),
            Self::Email => text(settings.service_account.clone()),
            Self::Token => {
                let (token, left) = google.access_tokens.current(now);
                let body = json!({
                    "access_token": token,
                    "expires_in": left,
                    "token_type": "Bearer",
                });
                HostAnswer::ok("application/json", body.to_string(), "an access token")
            }
            Self::Identity { audience } => {
                let claims = IdentityClaims::valid_at(google.now())
                    .set("aud", audience.as_str())
                    .set("email", settings.service_account.as_str());
                let token = claims.signed_by(google.keys.identity.current());
                HostAnswer::ok("application/text", token, "an identity token")
            }
        };
        answer.with_header(FLAVOR, "Google")
    }
}

fn text(text: String) -> HostAnswer {
    let summary = text.clone();
    HostAnswer::ok("application/text", text, summary)
}

fn audience(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name == "audience" && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}
