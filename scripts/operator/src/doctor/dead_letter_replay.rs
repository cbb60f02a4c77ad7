//! Whether dead letters that are replayed reach the function.

use operations::Topic;

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::cloud_resources::TopicSubscriptions;
use super::deployment::Deployment;
use super::finding::{Finding, or_fine};
use super::push::{self, ExpectedPush};
use super::subscription::{dead_letters_topic, read};
use super::unreadable::{Unread, or_unread};

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment) -> Vec<Finding> {
    let found = findings(cloud, deployment).await;
    let found = or_unread(found, "the way of replayed letters");
    or_fine(found, "a letter that is replayed is pushed to the function")
}

async fn findings(cloud: &Cloud, deployment: &Deployment) -> Result<Vec<Finding>, Unread> {
    let topic = deployment.outputs.replay_topic.as_deref();
    let topic = topic.and_then(|topic| Topic::parse(topic).ok());
    let topic = topic.ok_or(Unread::NoOutput("replay_topic"))?;
    let expected = ExpectedPush::of(deployment, dead_letters_topic(cloud, deployment).await)?;
    let attached = cloud.read::<TopicSubscriptions>(PUBSUB, format!("v1/{topic}/subscriptions"));
    let attached = attached.await?.unwrap_or_default().subscriptions;
    if attached.is_empty() {
        return Ok(vec![Finding::problem(
            "what is replayed goes nowhere: the topic is gone, or no subscription is attached to it",
            "terraform -chdir=terraform apply",
        )]);
    }
    let mut found = Vec::new();
    for name in attached {
        if let Some(subscription) = read(cloud, &name).await? {
            found.extend(push::judge(&name, &subscription, &expected));
        }
    }
    Ok(found)
}
