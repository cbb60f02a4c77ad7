//! What each organization policy means for a deployment, and which variable answers it.
//!
//! That `allUsers` is refused, and that Cloud Run's own check can be demanded, is documented by Google. What else is
//! refused is expected from what the constraints are documented to be, and was not tried: it is said so.

use super::super::cloud_resources::OrgPolicy;
use super::super::finding::Finding;
use super::listed::{Answer, covers_location};
use super::organization_policies::{DOMAINS, INGRESS, INVOKER_IAM, InForce, LOCATIONS, MEMBERS};

/// What is going to be deployed, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deploying<'a> {
    pub(super) project: &'a str,
    pub(super) region: &'a str,
    pub(super) firestore_location: &'a str,
    pub(super) load_balancer: bool,
}

pub(super) fn judge(in_force: &InForce, deploying: &Deploying<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(judge_invoker(in_force, deploying));
    found.extend(judge_members(in_force, deploying));
    found.extend(judge_ingress(in_force, deploying));
    found.extend(judge_location(
        in_force,
        deploying,
        "region",
        deploying.region,
    ));
    if deploying.firestore_location != deploying.region {
        let location = deploying.firestore_location;
        found.extend(judge_location(
            in_force,
            deploying,
            "firestore_location",
            location,
        ));
    }
    found
}

/// Of `iam.allowedPolicyMemberDomains` and its successor, the one that is in force.
fn restricting_members(in_force: &InForce) -> Option<&'static str> {
    let domains = in_force.of(DOMAINS).is_some_and(OrgPolicy::restricts);
    let members = in_force.of(MEMBERS).is_some_and(OrgPolicy::is_enforced);
    let managed = members.then_some(MEMBERS);
    domains.then_some(DOMAINS).or(managed)
}

fn judge_invoker(in_force: &InForce, deploying: &Deploying<'_>) -> Option<Finding> {
    if !in_force.of(INVOKER_IAM)?.is_enforced() {
        return None;
    }
    let either = restricting_members(in_force).map_or_else(String::new, |members| {
        format!(
            ", and {members} refuses the other way, a binding to allUsers: no service of this project can \
             be public"
        )
    });
    let project = deploying.project;
    Some(Finding::problem(
        format!(
            "{INVOKER_IAM} is enforced: Cloud Run refuses services without its own IAM check, which all \
             functions are (invoker_iam_disabled), because customers have no identity there and the check \
             takes the signature off identity tokens{either}"
        ),
        format!(
            "no variable answers it. Who administers the organization's policies makes an exception for this \
             project:\n\
             gcloud org-policies set-policy FILE, with this in FILE:\n\
             {{\"name\": \"projects/{project}/policies/{INVOKER_IAM}\", \"spec\": {{\"rules\": \
             [{{\"enforce\": false}}]}}}}"
        ),
    ))
}

fn judge_members(in_force: &InForce, deploying: &Deploying<'_>) -> Option<Finding> {
    let constraint = restricting_members(in_force)?;
    Some(Finding::unknown(
        format!(
            "{constraint} lets only some members have roles: the functions need no binding to allUsers, but \
             it is not visible whether it lets in those whom operators names, and Google's accounts to which \
             Producer Portal asks you to give roles"
        ),
        format!(
            "operators in terraform.tfvars: only members of your own organization; {}\n\
             if Producer Portal's roles are refused: let the policy allow Google's organization too, or make an \
             exception for the project, such as by a tag",
            described(constraint, deploying)
        ),
    ))
}

fn judge_ingress(in_force: &InForce, deploying: &Deploying<'_>) -> Option<Finding> {
    let policy = in_force.of(INGRESS)?;
    let refuses = |ingress: &str| {
        let covers = |value: &str| {
            if value == ingress {
                Answer::Yes
            } else {
                Answer::No
            }
        };
        policy.allows(covers) == Answer::No
    };
    let exception = format!(
        "no variable answers it: let the policy allow it in this project; {}",
        described(INGRESS, deploying)
    );
    let (ingress, of, fix) = if deploying.load_balancer {
        let ingress = "internal-and-cloud-load-balancing";
        (
            ingress,
            "functions behind the load balancer",
            exception.clone(),
        )
    } else {
        let fix = "domain in terraform.tfvars, with load_balancer not false: then the functions take requests \
                   from the load balancer alone; look again with --load-balancer";
        ("all", "functions that customers reach", fix.to_owned())
    };
    let expected = |of: &str, ingress: &str| {
        format!("{INGRESS} does not allow {ingress}: Cloud Run is expected to refuse {of}")
    };
    if refuses(ingress) {
        return Some(Finding::problem(expected(of, ingress), fix));
    }
    let internal = "the function that takes events, which only Pub/Sub and the scheduler reach";
    refuses("internal").then(|| Finding::problem(expected(internal, "internal"), exception))
}

fn judge_location(
    in_force: &InForce,
    deploying: &Deploying<'_>,
    variable: &str,
    location: &str,
) -> Option<Finding> {
    let policy = in_force.of(LOCATIONS)?;
    let describe = described(LOCATIONS, deploying);
    match policy.allows(|value| covers_location(value, location)) {
        Answer::Yes => None,
        Answer::No => Some(Finding::problem(
            format!(
                "{LOCATIONS} does not allow {location}: what {variable} puts there is expected to be refused, \
                 at the apply and not at the plan"
            ),
            format!(
                "{variable} in terraform.tfvars: a location that it allows; {describe}\n\
                 secret_locations, scheduler_region and firestore_location are the region unless they are \
                 set; message_regions says where Pub/Sub may keep messages"
            ),
        )),
        Answer::Unclear => Some(Finding::unknown(
            format!(
                "{LOCATIONS} lists groups of locations, and whether one has {location} ({variable}) only Google \
                 knows"
            ),
            format!("compare it with Google's list of value groups; {describe}"),
        )),
    }
}

fn described(constraint: &str, deploying: &Deploying<'_>) -> String {
    let project = deploying.project;
    format!("gcloud org-policies describe {constraint} --project={project} --effective")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::super::super::finding::tests::{assert_cause, causes, fix};
    use super::*;

    const DEPLOYING: Deploying<'static> = Deploying {
        project: "vendor",
        region: "europe-west1",
        firestore_location: "europe-west1",
        load_balancer: false,
    };

    fn policy(rule: &Value) -> OrgPolicy {
        from_value(json!({ "spec": {"rules": [rule]} })).unwrap()
    }

    fn in_force(constraint: &'static str, rule: &Value) -> InForce {
        InForce::default().with(constraint, policy(rule))
    }

    fn only(values: &[&str]) -> Value {
        json!({ "values": {"allowedValues": values} })
    }

    fn enforced() -> Value {
        json!({ "enforce": true })
    }

    #[test]
    fn where_nothing_is_restricted_or_read_nothing_is_said() {
        assert_eq!(judge(&InForce::default(), &DEPLOYING), []);
        let mut all = InForce::default();
        for constraint in [DOMAINS, INGRESS, LOCATIONS] {
            all = all.with(constraint, policy(&json!({ "allowAll": true })));
        }
        for constraint in [INVOKER_IAM, MEMBERS] {
            all = all.with(constraint, policy(&json!({ "enforce": false })));
        }
        assert_eq!(judge(&all, &DEPLOYING), []);
    }

    #[test]
    fn an_invoker_check_that_is_demanded_is_answered_by_an_exception() {
        let found = judge(&in_force(INVOKER_IAM, &enforced()), &DEPLOYING);
        assert!(
            fix(found.clone()).contains("projects/vendor/policies/run.managed.requireInvokerIam")
        );
        assert_cause(found, "refuses services without its own IAM check");
    }

    #[test]
    fn with_restricted_members_too_nothing_can_be_public() {
        for (constraint, rule) in [(DOMAINS, only(&["C01"])), (MEMBERS, enforced())] {
            let both = in_force(INVOKER_IAM, &enforced()).with(constraint, policy(&rule));
            let causes = causes(judge(&both, &DEPLOYING));
            let [invoker, members] = causes.as_slice() else {
                panic!("{causes:?}");
            };
            assert!(invoker.contains("no service of this project can be public"));
            assert!(invoker.contains(constraint) && members == "unknown");
        }
    }

    #[test]
    fn restricted_members_alone_are_a_question_for_operators() {
        for (constraint, rule) in [(DOMAINS, only(&["C01"])), (MEMBERS, enforced())] {
            let found = judge(&in_force(constraint, &rule), &DEPLOYING);
            assert!(fix(found.clone()).starts_with("operators in terraform.tfvars"));
            assert_cause(found, "unknown");
        }
    }

    #[test]
    fn an_ingress_that_is_refused_is_answered_by_a_domain_or_by_nothing() {
        let balanced = Deploying {
            load_balancer: true,
            ..DEPLOYING
        };
        let (inside, behind) = ("internal", "internal-and-cloud-load-balancing");
        for (allowed, deploying, part, repair) in [
            (&["all", inside][..], DEPLOYING, "", ""),
            (
                &[inside, behind],
                DEPLOYING,
                "does not allow all",
                "domain in terraform.tfvars",
            ),
            (&[inside, behind], balanced, "", ""),
            (&[inside], balanced, behind, "no variable"),
            (
                &[behind],
                balanced,
                "does not allow internal:",
                "no variable",
            ),
            (
                &["all"],
                DEPLOYING,
                "does not allow internal:",
                "no variable",
            ),
        ] {
            let found = judge(&in_force(INGRESS, &only(allowed)), &deploying);
            if !part.is_empty() {
                assert!(fix(found.clone()).starts_with(repair), "{found:?}");
            }
            assert_cause(found, part);
        }
    }

    #[test]
    fn each_location_is_answered_by_its_own_variable() {
        let europe = only(&["in:europe-west1-locations"]);
        assert_eq!(judge(&in_force(LOCATIONS, &europe), &DEPLOYING), []);
        let elsewhere = judge(
            &in_force(LOCATIONS, &only(&["in:us-locations"])),
            &DEPLOYING,
        );
        assert!(fix(elsewhere.clone()).starts_with("region in terraform.tfvars"));
        assert_cause(elsewhere, "does not allow europe-west1");
        let unclear = judge(
            &in_force(LOCATIONS, &only(&["in:be-locations"])),
            &DEPLOYING,
        );
        assert_cause(unclear, "unknown");
        let spread = Deploying {
            firestore_location: "us-east1",
            ..DEPLOYING
        };
        let found = judge(&in_force(LOCATIONS, &europe), &spread);
        assert!(fix(found.clone()).starts_with("firestore_location in terraform.tfvars"));
        assert_cause(found, "does not allow us-east1");
    }
}
