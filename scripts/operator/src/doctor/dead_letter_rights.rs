//! Whether Pub/Sub may put away what could not be delivered. Without these rights it says nothing,
//! and goes on delivering until the message is too old.

use operations::{Subscription, Topic};

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::cloud_resources::Policy;
use super::deployment::{Deployment, EVENTS};
use super::finding::Finding;
use super::iam_policy::Access;
use super::names::project_number;
use super::unreadable::{ReadOption, Unread};

/// What Pub/Sub's own account has to be allowed on a resource (Pub/Sub's documentation of dead-letter
/// topics).
struct Right {
    resource: String,
    kind: &'static str,
    role: &'static str,
    what: &'static str,
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
    let rights = [
        Topic::parse(topic).ok().as_ref().map(Right::publish_to),
        Subscription::parse(subscription)
            .ok()
            .as_ref()
            .map(Right::take_from),
    ];
    let mut found = Vec::new();
    for right in rights.into_iter().flatten() {
        let policy = cloud.policy(PUBSUB, &right.resource).await;
        found.extend(right.judge(&agent, &[&policy, &deployment.policy]));
    }
    Ok(found)
}

impl Right {
    fn publish_to(topic: &Topic) -> Self {
        Self {
            resource: topic.to_string(),
            kind: "pubsub topics",
            role: "roles/pubsub.publisher",
            what: "publish to the dead-letter topic",
        }
    }

    fn take_from(subscription: &Subscription) -> Self {
        Self {
            resource: subscription.to_string(),
            kind: "pubsub subscriptions",
            role: "roles/pubsub.subscriber",
            what: "take it from the subscription",
        }
    }

    fn judge(&self, agent: &str, policies: &[&ReadOption<Policy>]) -> Option<Finding> {
        let [editor, admin] = ["roles/pubsub.editor", "roles/pubsub.admin"];
        let access = Access {
            account: agent,
            resource: &self.resource,
            kind: self.kind,
            roles: &[self.role, editor, admin, "roles/editor", "roles/owner"],
        };
        let cause = "it cannot put away an event that fails: Pub/Sub's own account may not";
        let question = "whether Pub/Sub may put dead letters away";
        access.judge(policies, question, format!("{cause} {}", self.what))
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::{cause, fix};
    use super::super::iam_policy::tests::policy;
    use super::*;

    #[test]
    fn pub_sub_publishes_to_the_one_and_takes_from_the_other() {
        let publish = Right::publish_to(&Topic::parse("projects/vendor/topics/t").unwrap());
        let take = Subscription::parse("projects/vendor/subscriptions/s").unwrap();
        let take = Right::take_from(&take);
        let of = |right: &Right, own: &ReadOption<Policy>, project: &ReadOption<Policy>| {
            right.judge("f@p", &[own, project])
        };
        let publisher = Ok(Some(policy("roles/pubsub.publisher")));
        let subscriber = Ok(Some(policy("roles/pubsub.subscriber")));
        let (none, unread) = (Ok(Some(Policy::default())), Err(Unread::NoCredentials));
        assert_eq!(of(&publish, &publisher, &none), None);
        assert_eq!(of(&take, &none, &subscriber), None);
        assert!(fix(of(&publish, &subscriber, &none)).contains("pubsub topics add-iam"));
        let role = "--role=roles/pubsub.subscriber";
        assert!(fix(of(&take, &publisher, &unread)).contains(role));
        assert_eq!(cause(of(&take, &unread, &none)), "unknown");
    }
}
