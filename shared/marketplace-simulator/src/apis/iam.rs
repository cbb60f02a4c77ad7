//! IAM: service accounts. Source: discovery document of `iam` v1.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::ApiResult;
use super::json::{list, object, text};
use super::paging::{ListPage, Sizes};
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
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
) -> ApiResult {
    let (project, id) = (operation.variable(0), operation.variable(1));
    let mut accounts = google.service_accounts();
    let done = |what: &str| HostAnswer::json(&Value::Object(Map::new()), what);
    match method(operation) {
        "create" => {
            let account = accounts.create(wanted(operation), &google.settings, now)?;
            Ok(HostAnswer::json(
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
            Ok(HostAnswer::json(&resource(account), summary))
        }
        "list" => {
            let page = ListPage::of(operation, SIZES)?;
            let is_own = |it: &ServiceAccount| it.project == project;
            let (found, next) = page.cut(accounts.indexed(now), is_own);
            let summary = format!("{} service accounts", found.len());
            let items = found.into_iter().map(resource);
            let body = list("accounts", items.collect(), next);
            Ok(HostAnswer::json(&body, summary))
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
        "getIamPolicy" => Ok(HostAnswer::json(
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

fn resource(it: &ServiceAccount) -> Value {
    let name = format!("projects/{}/serviceAccounts/{}", it.project, it.email);
    object([
        ("name", text(&name)),
        ("projectId", text(&it.project)),
        ("uniqueId", text(&it.unique_id)),
        ("email", text(&it.email)),
        ("oauth2ClientId", text(&it.unique_id)),
        ("displayName", text(&it.display_name)),
        ("description", text(&it.description)),
        ("disabled", it.is_disabled.then_some(true).into()),
    ])
}
