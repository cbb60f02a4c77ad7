//! Whether the keys that signatures are verified with can be fetched.

use super::cloud::{Cloud, Published};
use super::deployment::Deployment;
use super::finding::{Finding, or_fine};
use super::unreadable::Unread;

/// Keys of Google's identity tokens.
pub(super) const IDENTITY: &str = "/oauth2/v1/certs";

/// Keys of the Marketplace's tokens.
const MARKETPLACE: &str =
    "/robot/v1/metadata/x509/cloud-commerce-partner@system.gserviceaccount.com";

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment) -> Vec<Finding> {
    let hand_off = deployment.outputs.hand_off_keys_url.as_deref();
    let hand_off = hand_off.and_then(|url| url.strip_prefix("https://www.googleapis.com"));
    let mut found = Vec::new();
    for (whose, path) in [
        ("the Marketplace's tokens", Some(MARKETPLACE)),
        ("identity tokens", Some(IDENTITY)),
        ("hand-offs to your application", hand_off),
    ] {
        found.extend(match path {
            Some(path) => judge(whose, &cloud.published(path).await),
            None => Some(Unread::NoOutput("hand_off_keys_url").finding("the keys of hand-offs")),
        });
    }
    or_fine(found, "all three sets can be fetched")
}

fn judge(whose: &str, published: &Published) -> Option<Finding> {
    let (cause, fix) = match published {
        Published::Keys { count: 1.., .. } => return None,
        Published::Status(404) => (
            format!("there are no keys of {whose}: their account is not there"),
            "terraform -chdir=terraform apply",
        ),
        Published::Status(code) => (
            format!("the keys of {whose} cannot be fetched: Google answers {code}"),
            "https://status.cloud.google.com; functions go on with the keys they have for 24 hours",
        ),
        Published::Keys { .. } | Published::Nothing => (
            format!("the keys of {whose} cannot be fetched from here"),
            "is https://www.googleapis.com reachable, and does nothing on the way answer in its \
             place (proxy, VPC egress rules)? Functions need it too",
        ),
    };
    Some(Finding::problem(cause, fix))
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::assert_cause;
    use super::*;

    #[test]
    fn keys_are_there_or_it_is_said_why_not() {
        let keys = |count| Published::Keys { count, date: None };
        for (published, part) in [
            (keys(2), ""),
            (keys(0), "from here"),
            (Published::Nothing, "from here"),
            (Published::Status(404), "not there"),
            (Published::Status(503), "answers 503"),
        ] {
            assert_cause(judge("x", &published), part);
        }
    }
}
