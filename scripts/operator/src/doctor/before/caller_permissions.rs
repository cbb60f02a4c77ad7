//! Whether the caller may do what Terraform does in their name.

use super::super::cloud::Cloud;
use super::super::cloud_resources::Granted;
use super::super::finding::Finding;
use super::super::unreadable::Unread;
use super::Intended;

/// What has to be allowed, and a role that allows it.
struct Need {
    role: &'static str,
    permissions: &'static [&'static str],
}

const fn need(role: &'static str, permissions: &'static [&'static str]) -> Need {
    Need { role, permissions }
}

/// Not all that Terraform uses, but something of each role that it takes.
static NEEDS: [Need; 12] = [
    need(
        "roles/serviceusage.serviceUsageAdmin",
        &["serviceusage.services.enable", "serviceusage.services.use"],
    ),
    need(
        "roles/resourcemanager.projectIamAdmin",
        &["resourcemanager.projects.setIamPolicy"],
    ),
    need(
        "roles/iam.serviceAccountAdmin",
        &[
            "iam.serviceAccounts.create",
            "iam.serviceAccounts.setIamPolicy",
        ],
    ),
    need(
        "roles/iam.serviceAccountUser",
        &["iam.serviceAccounts.actAs"],
    ),
    need("roles/iam.roleAdmin", &["iam.roles.create"]),
    need(
        "roles/run.admin",
        &["run.services.create", "run.services.setIamPolicy"],
    ),
    need(
        "roles/pubsub.admin",
        &["pubsub.topics.create", "pubsub.topics.setIamPolicy"],
    ),
    need("roles/datastore.owner", &["datastore.databases.create"]),
    need(
        "roles/artifactregistry.admin",
        &["artifactregistry.repositories.create"],
    ),
    need(
        "roles/cloudscheduler.admin",
        &["cloudscheduler.jobs.create"],
    ),
    need(
        "roles/monitoring.editor",
        &["monitoring.alertPolicies.create"],
    ),
    need("roles/logging.configWriter", &["logging.logMetrics.create"]),
];

static FOR_SECRETS: Need = need(
    "roles/secretmanager.admin",
    &["secretmanager.secrets.create"],
);

static FOR_THE_LOAD_BALANCER: [Need; 2] = [
    need(
        "roles/compute.loadBalancerAdmin",
        &["compute.backendServices.create"],
    ),
    need(
        "roles/compute.securityAdmin",
        &["compute.securityPolicies.create"],
    ),
];

pub(super) async fn check(cloud: &Cloud, intended: &Intended) -> Vec<Finding> {
    let needs = needs(intended.load_balancer);
    let permissions: Vec<&str> = needs
        .iter()
        .flat_map(|it| it.permissions)
        .copied()
        .collect();
    let read = cloud.granted(&permissions).await;
    vec![judge(&needs, &read, &cloud.project)]
}

fn needs(load_balancer: bool) -> Vec<&'static Need> {
    let balanced: &[Need] = if load_balancer {
        &FOR_THE_LOAD_BALANCER
    } else {
        &[]
    };
    NEEDS.iter().chain([&FOR_SECRETS]).chain(balanced).collect()
}

fn judge(needs: &[&Need], read: &Result<Granted, Unread>, project: &str) -> Finding {
    let granted = match read {
        Ok(granted) => &granted.permissions,
        Err(unread) => return unread.finding("they could not be looked at"),
    };
    let lacks = |permission: &&str| !granted.iter().any(|it| it == permission);
    let mut missing: Vec<&str> = Vec::new();
    let mut grants = Vec::new();
    for need in needs {
        let before = missing.len();
        missing.extend(need.permissions.iter().copied().filter(lacks));
        if missing.len() > before {
            let role = need.role;
            grants.push(format!(
                "gcloud projects add-iam-policy-binding {project} --member=user:YOU --role={role}"
            ));
        }
    }
    if missing.is_empty() {
        return Finding::fine(
            "you may do what Terraform does, as far as one permission of each kind shows",
        );
    }
    Finding::problem(
        format!(
            "you lack permissions that the apply uses: {}",
            missing.join(", ")
        ),
        format!(
            "let somebody apply it who has them, such as an owner, and name them in operators of \
             terraform.tfvars; or let an owner give you the roles:\n{}",
            grants.join("\n")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::tests::{assert_cause, fix};
    use super::*;

    fn granted(needs: &[&Need], without: &[&str]) -> Granted {
        let all = needs.iter().flat_map(|it| it.permissions).copied();
        let kept = all.filter(|permission| !without.contains(permission));
        Granted {
            permissions: kept.map(str::to_owned).collect(),
        }
    }

    #[test]
    fn each_missing_permission_is_named_with_a_role_that_has_it() {
        let needs = needs(true);
        assert_cause([judge(&needs, &Ok(granted(&needs, &[])), "vendor")], "fine");
        for need in &needs {
            for permission in need.permissions {
                let found = judge(&needs, &Ok(granted(&needs, &[*permission])), "vendor");
                assert!(fix([found.clone()]).ends_with(&format!("--role={}", need.role)));
                assert_cause([found], permission);
            }
        }
        let unread = Err(Unread::NoCredentials);
        assert_cause([judge(&needs, &unread, "vendor")], "unknown");
    }

    #[test]
    fn without_a_load_balancer_nothing_of_compute_is_needed() {
        let (without, with) = (needs(false), needs(true));
        let found = judge(&without, &Ok(granted(&without, &[])), "vendor");
        assert_cause([found], "fine");
        let found = judge(&with, &Ok(granted(&without, &[])), "vendor");
        assert_cause([found], "compute.securityPolicies.create");
    }

    #[test]
    fn google_answers_about_so_many_at_once() {
        let asked: usize = needs(true).iter().map(|it| it.permissions.len()).sum();
        assert!(asked <= 100, "{asked}");
    }
}
