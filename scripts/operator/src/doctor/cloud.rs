//! The calls that only read: what is in the vendor's project, and what Google publishes.

use std::collections::BTreeMap;
use std::fmt::Display;

use form_urlencoded::Serializer;
use google_calls::{CallError, Credentials, GoogleApi, GoogleError, Http};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use marketplace::GoogleOrigin;
use operations::call_deadline;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::apis::{Api, IAM, LOGGING, RESOURCE_MANAGER, reviewed, viewed};
use super::cloud_resources::{Granted, LogEntries, Policy};
use super::unreadable::{ReadOption, Unread};

/// Where public keys are.
const KEYS: &str = "www.googleapis.com";

pub(super) struct Cloud {
    api: GoogleApi,
    http: Http,
    credentials: Credentials,
    google: GoogleOrigin,
    /// The vendor's project.
    pub(super) project: String,
}

/// What an address of public keys answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Published {
    /// As many keys, at this moment by Google's clock.
    Keys {
        count: usize,
        date: Option<Timestamp>,
    },
    /// This status.
    Status(u16),
    /// Nothing that is an answer.
    Nothing,
}

impl Cloud {
    pub(super) fn new(google: &GoogleOrigin, project: &str) -> Self {
        let (http, credentials) = (Http::new(), Credentials::new(google));
        Self {
            api: GoogleApi::new(http.clone(), credentials.clone()),
            http,
            credentials,
            google: google.clone(),
            project: project.to_owned(),
        }
    }

    /// Reads a resource; `path` begins with the version.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        api: Api,
        path: impl Display,
    ) -> ReadOption<T> {
        let url = self.google.https(api.host, &format!("/{path}"));
        self.found(api, self.api.get(&url, call_deadline()).await)
    }

    /// Reads the policy of a topic, say.
    pub(super) async fn policy(&self, api: Api, resource: impl Display) -> ReadOption<Policy> {
        let path = format!("v1/{resource}:getIamPolicy");
        self.read(reviewed(api), path).await
    }

    /// Reads the policy of a service account, by a `POST` that takes no body.
    pub(super) async fn service_account_policy(&self, resource: &str) -> ReadOption<Policy> {
        let url = self
            .google
            .https(IAM.host, &format!("/v1/{resource}:getIamPolicy"));
        let no_answer = || Unread::NoAnswer { host: IAM.host };
        let headers = self.credentials.headers(call_deadline()).await;
        let headers = headers.map_err(|_| Unread::NoCredentials)?;
        let client = self.http.client().await.map_err(|_| no_answer())?;
        let answer = client.post(url).headers(headers).send().await;
        let answer = answer.map_err(|_| no_answer())?;
        let code = answer.status().as_u16();
        let body = answer.bytes().await.map_err(|_| no_answer())?;
        if code == 200 {
            return serde_json::from_slice(&body)
                .map(Some)
                .map_err(|_| no_answer());
        }
        let error = GoogleError::parse(code, &body);
        self.found(
            reviewed(IAM),
            Err(CallError::Answered {
                error,
                retry_after: None,
            }),
        )
    }

    /// Reads the policy of the project.
    pub(super) async fn project_policy(&self) -> ReadOption<Policy> {
        let path = format!("/v1/projects/{}:getIamPolicy", self.project);
        let url = self.google.https(RESOURCE_MANAGER.host, &path);
        // Conditions are part of the third version.
        let body = json!({ "options": { "requestedPolicyVersion": 3 } });
        self.found(
            RESOURCE_MANAGER,
            self.api.post(&url, &body, call_deadline()).await,
        )
    }

    /// Which of these permissions the caller has in the project.
    pub(super) async fn granted(&self, permissions: &[&str]) -> Result<Granted, Unread> {
        let path = format!("/v1/projects/{}:testIamPermissions", self.project);
        let url = self.google.https(RESOURCE_MANAGER.host, &path);
        let body = json!({ "permissions": permissions });
        let granted = self.api.post(&url, &body, call_deadline()).await;
        let granted = self.found(viewed(RESOURCE_MANAGER), granted)?;
        Ok(granted.unwrap_or_default())
    }

    /// The newest lines of the log that fit a filter.
    pub(super) async fn log(&self, filter: &str) -> Result<LogEntries, Unread> {
        let url = self.google.https(LOGGING.host, "/v2/entries:list");
        let body = json!({
            "resourceNames": [format!("projects/{}", self.project)],
            "filter": filter,
            "orderBy": "timestamp desc",
            "pageSize": 50,
        });
        let entries = self.api.post(&url, &body, call_deadline()).await;
        Ok(self.found(LOGGING, entries)?.unwrap_or_default())
    }

    /// The address of a list with these parameters.
    pub(super) fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(parameters);
        format!("{path}?{}", query.finish())
    }

    /// Fetches public keys, key id to certificate, as a verifier does: without credentials.
    pub(super) async fn published(&self, path: &str) -> Published {
        let Ok(client) = self.http.client().await else {
            return Published::Nothing;
        };
        let Ok(answer) = client.get(self.google.https(KEYS, path)).send().await else {
            return Published::Nothing;
        };
        let code = answer.status().as_u16();
        if code != 200 {
            return Published::Status(code);
        }
        let date = answer
            .headers()
            .get("date")
            .and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        let keys = answer.json::<BTreeMap<String, Value>>().await;
        let is_certificate = |key: &Value| {
            key.as_str()
                .is_some_and(|key| key.contains("BEGIN CERTIFICATE"))
        };
        match keys {
            Ok(keys) if !keys.is_empty() && keys.values().all(is_certificate) => Published::Keys {
                count: keys.len(),
                date,
            },
            _ => Published::Nothing,
        }
    }

    /// What an answer says; a 404 of Google's own, that there is no such thing.
    fn found<T>(&self, api: Api, answer: Result<T, CallError>) -> ReadOption<T> {
        match answer {
            Ok(resource) => Ok(Some(resource)),
            Err(CallError::Answered { error, .. }) if error.code == 404 && error.is_googles() => {
                Ok(None)
            }
            Err(error) => Err(Unread::of(api, &self.project, &error)),
        }
    }
}
