//! IAM: service accounts. Source: discovery document of `iam` v1.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::paging::{Page, Sizes};
use crate::discovery::Operation;
use crate::google_answer::GoogleAnswer;
use crate::google_error::GoogleError;
use crate::service_accounts::{ServiceAccount, Wanted};
use crate::simulated_google::SimulatedGoogle;

/// As the discovery document says.
const SIZES: Sizes = Sizes {
    default: 20,
    max: 100,
};

pub(super) fn perform(
    google: &SimulatedGoogle,
    operation: &Operation,
    now: Timestamp,
) -> Result<GoogleAnswer, GoogleError> {
    let (project, id) = (operation.variable(0), operation.variable(1));
    let mut accounts = google.service_accounts();
    let done = |what: &str| GoogleAnswer::json(&Value::Object(Map::new()), what);
    match method(operation) {
        "create" => {
            let account = accounts.create(wanted(operation), &google.settings, now)?;
            Ok(GoogleAnswer::json(
                &resource(account),
                "service account created",
            ))
        }
        "get" => {
            let account = accounts.called(project, id, now)?;
            let summary = if account.is_disabled {
                "disabled"
            } else {
                "enabled"
            };
            Ok(GoogleAnswer::json(&resource(account), summary))
        }
        "list" => {
            let page = Page::of(operation, SIZES)?;
            let is_own = |it: &ServiceAccount| it.project == project;
            let (found, next) = page.cut(accounts.indexed(now), is_own);
            let summary = format!("{} service accounts", found.len());
            Ok(GoogleAnswer::json(&list(&found, next), summary))
        }
        "disable" => {
            accounts.called(project, id, now)?.set_disabled(true);
            Ok(done("service account disabled"))
        }
        "enable" => {
            accounts.called(project, id, now)?.set_disabled(false);
            Ok(done("service account enabled"))
        }
        "delete" => {
            accounts.delete(project, id, now)?;
            Ok(done("service account deleted"))
        }
        // What nobody spoke of has no policy, as every resource in the beginning.
        "getIamPolicy" => Ok(GoogleAnswer::json(
            &json!({"etag": "BwYzPp1kQxM="}),
            "no policy",
        )),
        _ => Err(GoogleError::unimplemented()),
    }
}

/// The refusal of a caller who lacks the permission of this method.
pub(crate) fn permission_missing(operation: &Operation) -> GoogleError {
    let permission = format!("iam.serviceAccounts.{}", method(operation));
    GoogleError::permission_missing(&permission)
}

fn method(operation: &Operation) -> &str {
    operation
        .id
        .trim_start_matches("iam.projects.serviceAccounts.")
}

fn wanted(operation: &Operation) -> Wanted<'_> {
    let account = operation.body.get("serviceAccount");
    let text = |field| {
        account
            .and_then(|it| it.get(field)?.as_str())
            .unwrap_or_default()
    };
    Wanted {
        project: operation.variable(0),
        account_id: operation.text("accountId").unwrap_or_default(),
        display_name: text("displayName"),
        description: text("description"),
    }
}

fn list(accounts: &[&ServiceAccount], next: Option<String>) -> Value {
    let mut body = Map::new();
    if !accounts.is_empty() {
        let accounts = accounts.iter().map(|account| resource(account));
        body.insert("accounts".to_owned(), accounts.collect());
    }
    if let Some(next) = next {
        body.insert("nextPageToken".to_owned(), next.into());
    }
    Value::Object(body)
}

/// What is empty or false is left out, as in every JSON of Google's.
fn resource(account: &ServiceAccount) -> Value {
    let it = account;
    let body = json!({
        "name": format!("projects/{}/serviceAccounts/{}", it.project, it.email),
        "projectId": it.project,
        "uniqueId": it.unique_id,
        "email": it.email,
        "oauth2ClientId": it.unique_id,
        "displayName": it.display_name,
        "description": it.description,
        "disabled": it.is_disabled,
    });
    let is_there = |value: &Value| value != "" && value != &Value::Bool(false);
    match body {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| is_there(value))
            .collect(),
        other => other,
    }
}
