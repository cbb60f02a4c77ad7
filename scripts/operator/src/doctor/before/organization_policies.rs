//! Whether policies of the organization above the project let the deployment be made.

use super::super::apis::ORG_POLICY;
use super::super::cloud::Cloud;
use super::super::cloud_resources::OrgPolicy;
use super::super::finding::{Advice, Finding, or_fine};
use super::super::unreadable::{ReadOption, Unread};
use super::Intended;
use super::constraints::{Deploying, judge};

/// Those that a deployment of Portico's can meet.
const CONSTRAINTS: [&str; 5] = [INVOKER_IAM, DOMAINS, MEMBERS, INGRESS, LOCATIONS];

pub(super) const INVOKER_IAM: &str = "run.managed.requireInvokerIam";
pub(super) const DOMAINS: &str = "iam.allowedPolicyMemberDomains";
pub(super) const MEMBERS: &str = "iam.managed.allowedPolicyMembers";
pub(super) const INGRESS: &str = "run.allowedIngress";
pub(super) const LOCATIONS: &str = "gcp.resourceLocations";

/// The policies that could be read.
#[derive(Debug, Default)]
pub(super) struct InForce(Vec<(&'static str, OrgPolicy)>);

impl InForce {
    #[cfg(test)]
    pub(super) fn with(mut self, constraint: &'static str, policy: OrgPolicy) -> Self {
        self.0.push((constraint, policy));
        self
    }

    /// That of a constraint; none if it could not be read, which is said of it elsewhere.
    pub(super) fn of(&self, constraint: &str) -> Option<&OrgPolicy> {
        let mut policies = self.0.iter();
        let found = policies.find(|(name, _)| *name == constraint);
        found.map(|(_, policy)| policy)
    }
}

pub(super) async fn check(cloud: &Cloud, intended: &Intended) -> Vec<Finding> {
    let project = &cloud.project;
    let (mut in_force, mut unread) = (InForce::default(), Vec::new());
    for constraint in CONSTRAINTS {
        let path = format!("v2/projects/{project}/policies/{constraint}:getEffectivePolicy");
        let read: ReadOption<OrgPolicy> = cloud.read(ORG_POLICY, path).await;
        match read {
            // Of one that Google does not know, nothing is set.
            Ok(policy) => in_force.0.push((constraint, policy.unwrap_or_default())),
            Err(why) => unread.push((constraint, why)),
        }
    }
    let deploying = Deploying {
        project,
        region: &intended.region,
        firestore_location: &intended.firestore_location,
        load_balancer: intended.load_balancer,
    };
    let mut found = judge(&in_force, &deploying);
    found.extend(unreadable(unread, project));
    or_fine(
        found,
        "none of those that are known to refuse a deployment is in its way",
    )
}

/// Says once of several for which reason they could not be read.
fn unreadable(mut unread: Vec<(&'static str, Unread)>, project: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    while let Some((_, why)) = unread.first().cloned() {
        let (same, others): (Vec<_>, Vec<_>) = unread.into_iter().partition(|(_, it)| *it == why);
        let names: Vec<_> = same.into_iter().map(|(constraint, _)| constraint).collect();
        let finding = why.finding(&format!("{} could not be looked at", names.join(", ")));
        found.push(with_another_way(finding, &names, project));
        unread = others;
    }
    found
}

/// Who may read policies may only be known above the project.
fn with_another_way(finding: Finding, constraints: &[&str], project: &str) -> Finding {
    let Finding::Unknown(Advice { cause, fix }) = finding else {
        return finding;
    };
    let commands = constraints.iter().map(|constraint| {
        format!("\ngcloud org-policies describe {constraint} --project={project} --effective")
    });
    let commands: Vec<_> = commands.collect();
    let fix = format!(
        "{fix}\nor let whoever administers the organization's policies say what is in force:{}",
        commands.concat()
    );
    Finding::unknown(cause, fix)
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::tests::{causes, fix};
    use super::*;

    #[test]
    fn what_could_not_be_read_for_one_reason_is_said_once() {
        let nothing = Unread::NoAnswer { host: "a" };
        let unread = vec![
            (INGRESS, Unread::NoCredentials),
            (DOMAINS, nothing),
            (LOCATIONS, Unread::NoCredentials),
        ];
        let found = unreadable(unread, "vendor");
        assert_eq!(causes(found.clone()), ["unknown", "unknown"]);
        let fix = fix(found.into_iter().take(1));
        for constraint in [INGRESS, LOCATIONS] {
            let command =
                format!("gcloud org-policies describe {constraint} --project=vendor --effective");
            assert!(fix.contains(&command), "{fix}");
        }
        assert!(!fix.contains(DOMAINS), "{fix}");
    }
}
