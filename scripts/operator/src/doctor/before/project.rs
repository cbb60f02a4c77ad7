//! Whether the project is there.

use super::super::apis::{RESOURCE_MANAGER, viewed};
use super::super::cloud::Cloud;
use super::super::cloud_resources::Project;
use super::super::finding::Finding;
use super::super::refusal::RefusalReason;
use super::super::unreadable::{ReadOption, Unread};
use super::enabled_apis;

/// What the first look says of the others.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FirstLook {
    GoOn(Finding),
    /// Each of them would find the same, or nothing.
    Stop(Finding),
}

pub(super) async fn look(cloud: &Cloud) -> FirstLook {
    let project = &cloud.project;
    let path = format!("v1/projects/{project}");
    judge(&cloud.read(viewed(RESOURCE_MANAGER), path).await, project)
}

fn judge(read: &ReadOption<Project>, project: &str) -> FirstLook {
    use RefusalReason::{AbsentOrHidden, ApiDisabled, Permission};
    let unread = match read {
        Ok(Some(found)) => return judge_state(found, project),
        Ok(None) => return FirstLook::Stop(absent(project)),
        Err(unread) => unread,
    };
    let could_not = || unread.finding("it could not be looked at");
    match unread {
        Unread::Refused { why, .. } => match why {
            ApiDisabled => FirstLook::GoOn(enabled_apis::disabled(project)),
            AbsentOrHidden | Permission => FirstLook::Stop(absent(project)),
            // The credentials are at fault, whatever is looked at with them.
            RefusalReason::NoQuotaProject | RefusalReason::ProjectDenied | RefusalReason::Scope => {
                FirstLook::Stop(could_not())
            }
        },
        Unread::NoCredentials => FirstLook::Stop(could_not()),
        Unread::NoAnswer { .. } | Unread::NoOutput(_) | Unread::Absent(_) => {
            FirstLook::GoOn(could_not())
        }
    }
}

fn judge_state(found: &Project, project: &str) -> FirstLook {
    if found.lifecycle_state != "ACTIVE" {
        return FirstLook::Stop(Finding::problem(
            "the project is being deleted",
            format!(
                "gcloud projects undelete {project}, or another project: project in terraform.tfvars"
            ),
        ));
    }
    FirstLook::GoOn(Finding::fine(match found.parent {
        Some(_) => "it is there, below an organization or a folder",
        None => "it is there, and belongs to no organization",
    }))
}

/// Google answers both alike, so that nobody finds out which projects there are.
fn absent(project: &str) -> Finding {
    Finding::problem(
        "there is no such project, or you may not see it",
        format!(
            "project in terraform.tfvars is the project's id, not its name or number: gcloud projects list\n\
             if there is none yet: gcloud projects create {project}\n\
             if it is another's: gcloud projects add-iam-policy-binding {project} --member=user:YOU \
             --role=roles/owner, by an owner"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::cloud_resources::Present;
    use super::super::super::finding::tests::assert_cause;
    use super::*;

    fn refused(why: RefusalReason) -> ReadOption<Project> {
        Err(Unread::Refused {
            host: RESOURCE_MANAGER.host,
            why,
            role: "roles/viewer",
            project: "vendor".to_owned(),
        })
    }

    fn project(state: &str, parent: Option<Present>) -> Project {
        Project {
            lifecycle_state: state.to_owned(),
            parent,
        }
    }

    #[test]
    fn what_any_look_would_find_is_said_once() {
        for (read, part) in [
            (Ok(Some(project("DELETE_REQUESTED", None))), "being deleted"),
            (Ok(None), "no such project"),
            (refused(RefusalReason::Permission), "no such project"),
            (refused(RefusalReason::AbsentOrHidden), "no such project"),
            (refused(RefusalReason::NoQuotaProject), "unknown"),
            (refused(RefusalReason::ProjectDenied), "unknown"),
            (refused(RefusalReason::Scope), "unknown"),
            (Err(Unread::NoCredentials), "unknown"),
        ] {
            let FirstLook::Stop(found) = judge(&read, "vendor") else {
                panic!("{read:?}");
            };
            assert_cause([found], part);
        }
    }

    #[test]
    fn what_other_looks_may_get_past_stops_none() {
        for (read, part) in [
            (Ok(Some(project("ACTIVE", Some(Present {})))), "fine"),
            (Ok(Some(project("ACTIVE", None))), "fine"),
            (refused(RefusalReason::ApiDisabled), "not enabled"),
            (Err(Unread::NoAnswer { host: "a" }), "unknown"),
        ] {
            let FirstLook::GoOn(found) = judge(&read, "vendor") else {
                panic!("{read:?}");
            };
            assert_cause([found], part);
        }
    }
}
