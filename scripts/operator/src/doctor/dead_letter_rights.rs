//! Whether Pub/Sub may put away what could not be delivered. Without these rights it says nothing,
//! and goes on delivering until the message is too old.

use operations::{Subscription, Topic};

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::deployment::{Deployment, EVENTS};
use super::finding::Finding;
use super::iam_policy::{Access, Policy};
use super::names::project_number;
use super::unreadable::{ReadOption, Unread};

/// A right that Pub/Sub's own account needs on a resource (Pub/Sub's documentation of dead-letter
/// topics).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    PublishTo,
    TakeFrom,
}

/// What is wrong for a subscription whose dead letters go to this topic.
pub(super) async fn findings(
    cloud: &Cloud,
    deployment: &Deployment,
    subscription: &str,
    topic: &str,
) -> Result<Vec<Finding>, Unread> {
    let number = project_number(&deployment.function(EVENTS)?.run_url);
    let number = number.ok_or(Unread::NoOutput("functions"))?;
    let agent = format!("service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com");
    let mut found = Vec::new();
    if let Ok(topic) = Topic::parse(topic) {
        let policies = [&cloud.policy(PUBSUB, &topic).await, &deployment.policy];
        found.extend(judge(
            Right::PublishTo,
            &policies,
            Access {
                account: &agent,
                resource: &topic.to_string(),
            },
        ));
    }
    if let Ok(subscription) = Subscription::parse(subscription) {
        let policies = [
            &cloud.policy(PUBSUB, &subscription).await,
            &deployment.policy,
        ];
        found.extend(judge(
            Right::TakeFrom,
            &policies,
            Access {
                account: &agent,
                resource: &subscription.to_string(),
            },
        ));
    }
    Ok(found)
}

fn judge(right: Right, policies: &[&ReadOption<Policy>; 2], access: Access<'_>) -> Option<Finding> {
    let Access {
        account: agent,
        resource,
    } = access;
    let (role, command, what) = match right {
        Right::PublishTo => (
            "roles/pubsub.publisher",
            "topics",
            "publish to the dead-letter topic",
        ),
        Right::TakeFrom => (
            "roles/pubsub.subscriber",
            "subscriptions",
            "take it from the subscription",
        ),
    };
    let roles = [
        role,
        "roles/pubsub.editor",
        "roles/pubsub.admin",
        "roles/editor",
        "roles/owner",
    ];
    let mut granted = policies
        .iter()
        .filter_map(|read| read.as_ref().ok()?.as_ref());
    if granted.any(|policy| policy.grants(agent, &roles)) {
        return None;
    }
    if let [Err(unread), _] = policies {
        return Some(unread.finding("whether Pub/Sub may put dead letters away"));
    }
    Some(Finding::problem(
        format!("it cannot put away an event that fails: Pub/Sub's own account may not {what}"),
        format!(
            "terraform -chdir=terraform apply, or:\n\
             gcloud pubsub {command} add-iam-policy-binding {resource} \
             --member=serviceAccount:{agent} --role={role}"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn pub_sub_publishes_to_the_one_and_takes_from_the_other() {
        let policy = |role: &str| -> ReadOption<Policy> {
            let bindings = json!([{"role": role, "members": ["serviceAccount:agent"]}]);
            Ok(Some(from_value(json!({ "bindings": bindings })).unwrap()))
        };
        let (publisher, subscriber) = (
            policy("roles/pubsub.publisher"),
            policy("roles/pubsub.subscriber"),
        );
        let none = Ok(Some(Policy::default()));
        let unread = Err(Unread::NoCredentials);
        let of = |right, own: &ReadOption<Policy>, project: &ReadOption<Policy>| match judge(
            right,
            &[own, project],
            Access {
                account: "agent",
                resource: "r",
            },
        ) {
            None => String::new(),
            Some(Finding::Problem(advice)) => advice.fix,
            Some(_) => "unknown".to_owned(),
        };
        assert_eq!(of(Right::PublishTo, &publisher, &none), "");
        assert_eq!(of(Right::TakeFrom, &none, &subscriber), "");
        assert!(of(Right::PublishTo, &subscriber, &none).contains("pubsub topics add-iam"));
        assert!(
            of(Right::TakeFrom, &publisher, &unread).contains("--role=roles/pubsub.subscriber")
        );
        assert_eq!(of(Right::TakeFrom, &unread, &none), "unknown");
    }
}
