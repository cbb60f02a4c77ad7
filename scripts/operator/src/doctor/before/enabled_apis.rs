//! Whether the APIs are enabled without which Terraform can enable no others.

use super::super::apis::SERVICE_USAGE;
use super::super::cloud::Cloud;
use super::super::cloud_resources::{ApiState, Apis};
use super::super::finding::Finding;
use super::super::names::short;
use super::super::refusal::RefusalReason;
use super::super::unreadable::{ReadOption, Unread};

/// Source: the guide of Terraform's resource `google_project_service`, and its provider's use of Resource Manager
/// for every grant of a role.
const FIRST: [&str; 2] = [
    "serviceusage.googleapis.com",
    "cloudresourcemanager.googleapis.com",
];

pub(super) async fn check(cloud: &Cloud) -> Vec<Finding> {
    let parent = format!("projects/{}", cloud.project);
    let names = FIRST.map(|api| format!("{parent}/services/{api}"));
    let names = names.each_ref().map(|name| ("names", name.as_str()));
    let path = Cloud::with_query(&format!("v1/{parent}/services:batchGet"), &names);
    let read = cloud.read(SERVICE_USAGE, path).await;
    vec![judge(&read, &cloud.project)]
}

fn judge(read: &ReadOption<Apis>, project: &str) -> Finding {
    let apis = match read {
        Ok(apis) => apis.as_ref(),
        Err(Unread::Refused {
            why: RefusalReason::ApiDisabled,
            ..
        }) => return disabled(project),
        Err(unread) => return unread.finding("they could not be looked at"),
    };
    let services = apis.map(|apis| apis.services.as_slice());
    let services = services.unwrap_or_default();
    if FIRST.iter().all(|api| is_enabled(services, api)) {
        return Finding::fine("those are enabled by which Terraform enables the others");
    }
    disabled(project)
}

/// Enabling what is enabled does no harm, so both stand in the command.
pub(super) fn disabled(project: &str) -> Finding {
    let both = FIRST.join(" ");
    Finding::problem(
        "Service Usage and Resource Manager, by which Terraform enables everything else, are not \
         enabled both",
        format!(
            "gcloud services enable {both} --project={project}\n\
             then look again in some minutes: an API that was just enabled may refuse calls"
        ),
    )
}

fn is_enabled(services: &[ApiState], api: &str) -> bool {
    let mut named = services.iter().filter(|it| short(&it.name) == api);
    named.any(|it| it.state == "ENABLED")
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::super::super::finding::tests::{assert_cause, fix};
    use super::*;

    #[test]
    fn both_must_be_enabled() {
        let state = |api: &str, state: &str| json!({"name": format!("projects/1/services/{api}"), "state": state});
        let [usage, manager] = FIRST;
        for (services, part) in [
            (
                vec![state(usage, "ENABLED"), state(manager, "ENABLED")],
                "fine",
            ),
            (
                vec![state(usage, "ENABLED"), state(manager, "DISABLED")],
                "not enabled",
            ),
            (vec![state(manager, "ENABLED")], "not enabled"),
            (vec![], "not enabled"),
        ] {
            let apis = from_value(json!({ "services": services })).unwrap();
            assert_cause([judge(&Ok(Some(apis)), "vendor")], part);
        }
        assert_cause([judge(&Err(Unread::NoCredentials), "vendor")], "unknown");
    }

    #[test]
    fn one_that_cannot_be_asked_because_it_is_disabled_is_told_how_to_be_enabled() {
        let refused = Err(Unread::Refused {
            host: SERVICE_USAGE.host,
            why: RefusalReason::ApiDisabled,
            role: SERVICE_USAGE.role,
            project: "vendor".to_owned(),
        });
        let command = "gcloud services enable serviceusage.googleapis.com \
                       cloudresourcemanager.googleapis.com --project=vendor\n";
        assert!(fix([judge(&refused, "vendor")]).starts_with(command));
    }
}
