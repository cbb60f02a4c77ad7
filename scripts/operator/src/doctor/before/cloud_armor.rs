//! Whether Cloud Armor's quota has room for the rate limit before the load balancer.

use serde::Deserialize;

use super::super::apis::COMPUTE;
use super::super::cloud::Cloud;
use super::super::finding::{Finding, or_fine};
use super::super::unreadable::{ReadOption, or_unread};
use super::Intended;

/// What the security policy of `rate_limit.tf` takes at most: itself, its rules, and the one among them
/// that compares paths.
const NEEDED: [(&str, f64); 3] = [
    ("SECURITY_POLICIES", 1.0),
    ("SECURITY_POLICY_RULES", 3.0),
    ("SECURITY_POLICY_CEVAL_RULES", 1.0),
];

/// As much as is read of schema `Project` of Compute Engine.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Quotas {
    quotas: Vec<Quota>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Quota {
    metric: String,
    limit: f64,
    usage: f64,
}

pub(super) async fn check(cloud: &Cloud, intended: &Intended) -> Vec<Finding> {
    if !intended.load_balancer {
        return vec![Finding::fine(
            "without a load balancer it is not used (--load-balancer if there is to be one)",
        )];
    }
    let project = &cloud.project;
    let path = format!("compute/v1/projects/{project}");
    let path = Cloud::with_query(&path, &[("fields", "quotas")]);
    let read: ReadOption<Quotas> = cloud.read(COMPUTE, path).await;
    let found = read.map(|quotas| judge(&quotas.unwrap_or_default().quotas, project));
    let found = or_unread(found, "its quota could not be looked at");
    or_fine(found, "its quota has room for the rate limit")
}

fn judge(quotas: &[Quota], project: &str) -> Vec<Finding> {
    let page = format!("https://console.cloud.google.com/iam-admin/quotas?project={project}");
    let mut found = Vec::new();
    let mut unlisted = Vec::new();
    for (metric, needed) in NEEDED {
        let Some(Quota { limit, usage, .. }) = quotas.iter().find(|it| it.metric == metric) else {
            unlisted.push(metric);
            continue;
        };
        if limit - usage < needed {
            found.push(Finding::problem(
                format!(
                    "the quota {metric} has no room: {usage} of {limit} are used, and the load balancer's rate \
                     limit takes {needed}"
                ),
                format!(
                    "ask Google for more: {page}\n\
                     or load_balancer = false in terraform.tfvars, with domain leading to the functions in a \
                     way of your own"
                ),
            ));
        }
    }
    if !unlisted.is_empty() {
        let cause = format!(
            "Google does not say how much there is of {}",
            unlisted.join(", ")
        );
        found.push(Finding::unknown(cause, format!("look there: {page}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::tests::assert_cause;
    use super::*;

    fn quota(metric: &str, usage: f64, limit: f64) -> Quota {
        Quota {
            metric: metric.to_owned(),
            limit,
            usage,
        }
    }

    #[test]
    fn there_must_be_room_for_what_is_made() {
        for (policies, rules, part) in [
            ((0.0, 10.0), (0.0, 100.0), ""),
            ((9.0, 10.0), (97.0, 100.0), ""),
            (
                (10.0, 10.0),
                (0.0, 100.0),
                "SECURITY_POLICIES has no room: 10 of 10",
            ),
            ((0.0, 0.0), (0.0, 100.0), "0 of 0 are used"),
            (
                (0.0, 10.0),
                (98.0, 100.0),
                "SECURITY_POLICY_RULES has no room",
            ),
        ] {
            let quotas = [
                quota("SECURITY_POLICIES", policies.0, policies.1),
                quota("SECURITY_POLICY_RULES", rules.0, rules.1),
                quota("SECURITY_POLICY_CEVAL_RULES", 0.0, 20.0),
            ];
            assert_cause(judge(&quotas, "vendor"), part);
        }
        assert_cause(judge(&[], "vendor"), "unknown");
    }
}
