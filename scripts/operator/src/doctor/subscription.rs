//! Whether the Marketplace's events arrive.

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::cloud_resources::Subscription;
use super::dead_letter_rights;
use super::deployment::{Deployment, EVENTS};
use super::evidence::Evidence;
use super::finding::{Finding, or_fine};
use super::names::{MARKETPLACE_PROJECT, PRODUCER_PORTAL, short};
use super::push::{self, ExpectedPush};
use super::unreadable::{ReadOption, Unread, or_unread};

/// A topic that was deleted, in its subscriptions.
const DELETED: &str = "_deleted-topic_";

pub(super) async fn check(
    cloud: &Cloud,
    deployment: &Deployment,
    evidence: Evidence,
) -> Vec<Finding> {
    let outputs = &deployment.outputs;
    let what = "the subscription";
    if outputs.functions.is_empty() {
        return vec![Unread::NoOutput("marketplace_subscription").finding(what)];
    }
    let subscriber = deployment.subscriber().unwrap_or("the linked account");
    let Some(name) = &outputs.marketplace_subscription else {
        return vec![judge_absence(evidence, subscriber)];
    };
    let read = match read(cloud, name).await {
        Ok(Some(subscription)) => subscription,
        Ok(None) => return vec![judge_absence(evidence, subscriber)],
        Err(unread) => return vec![unread.finding(what)],
    };
    let provider = deployment.variable(EVENTS, "PROCUREMENT_PROVIDER");
    let mut found = judge_topic(&read, provider.ok(), evidence, subscriber);
    let dead_letters = dead_letters_topic(cloud, deployment).await;
    if let Some(topic) = &dead_letters {
        let more = dead_letter_rights::findings(cloud, deployment, name, topic).await;
        found.extend(or_unread(more, "the rights to put dead letters away"));
    }
    let expected = ExpectedPush::of(deployment, dead_letters);
    let pushed = expected.map(|expected| push::judge(name, &read, &expected));
    found.extend(or_unread(pushed, what));
    or_fine(
        found,
        "Google's topic is pushed to the function, with an identity that is let in",
    )
}

/// Reads a subscription by its whole name.
pub(super) async fn read(cloud: &Cloud, name: &str) -> ReadOption<Subscription> {
    let no_output = |_| Unread::NoOutput("marketplace_subscription");
    let name = operations::Subscription::parse(name).map_err(no_output)?;
    cloud.read(PUBSUB, format!("v1/{name}")).await
}

/// The topic whose messages the dead letters' subscription keeps.
pub(super) async fn dead_letters_topic(cloud: &Cloud, deployment: &Deployment) -> Option<String> {
    let name = deployment.outputs.dead_letters_subscription.as_ref()?;
    Some(read(cloud, name).await.ok()??.topic)
}

fn judge_absence(evidence: Evidence, subscriber: &str) -> Finding {
    let link =
        format!("{PRODUCER_PORTAL} → your product → Technical integration: link {subscriber}");
    let apply = "terraform -chdir=terraform apply, with marketplace_topic as Producer Portal shows \
                 it: it subscribes while impersonating that account";
    let (cause, fix) = match evidence {
        Evidence::RefusedAsMeant => (
            "no event arrives: Google refused the subscription to its topic, because the account \
             that subscribes is not linked in Producer Portal. No IAM role helps: the topic is \
             Google's",
            format!("{link}\nthen {apply}"),
        ),
        Evidence::RefusedToAnother => (
            "no event arrives: somebody tried to subscribe as the wrong identity, and Google refused. \
             Only the account that is linked in Producer Portal may attach a subscription to the \
             topic, an owner of your project may not",
            format!(
                "{apply}\nby hand: gcloud pubsub subscriptions create … \
                 --impersonate-service-account={subscriber}"
            ),
        ),
        Evidence::MadeAsMeant | Evidence::MadeByAnother => (
            "no event arrives: the subscription was made once and is gone; it was deleted, or it \
             expired",
            apply.to_owned(),
        ),
        Evidence::None => (
            "no event arrives: there is no subscription to the Marketplace's topic",
            format!(
                "most likely marketplace_topic is not set yet: {link}\nthen {apply}\n\
                 if that fails with 403: the link is missing; an IAM role cannot stand in for it"
            ),
        ),
    };
    Finding::problem(cause, fix)
}

fn judge_topic(
    found: &Subscription,
    provider: Option<&str>,
    evidence: Evidence,
    subscriber: &str,
) -> Vec<Finding> {
    let again = "delete the subscription (gcloud pubsub subscriptions delete), then \
                 terraform -chdir=terraform apply with marketplace_topic as Producer Portal shows it";
    let project = found.topic.strip_prefix("projects/");
    let project = project
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default();
    let problem = |cause: &str, fix: String| vec![Finding::problem(cause, fix)];
    if found.topic == DELETED || found.detached {
        return problem(
            "it is cut off from its topic: the topic was deleted, or Google detached the \
             subscription, as it may when the account that made it is no longer linked",
            format!(
                "{PRODUCER_PORTAL}: is {subscriber} linked, and which topic is shown?\n{again}"
            ),
        );
    }
    if project != MARKETPLACE_PROJECT {
        return problem(
            "it is attached to the wrong topic: the Marketplace publishes to one in Google's project \
             cloudcommerceproc-prod, and this one is elsewhere",
            again.to_owned(),
        );
    }
    // Google's codelab: it is called as the provider is, or for tests `DEMO-{project}`.
    let topic = short(&found.topic);
    if provider.is_some_and(|provider| provider != topic) && !topic.starts_with("DEMO-") {
        return problem(
            "it is attached to the wrong topic: that of another provider than PROCUREMENT_PROVIDER",
            again.to_owned(),
        );
    }
    if evidence == Evidence::MadeByAnother {
        return problem(
            "it was created by another identity than the one that is linked for it: Google delivers \
             to it only as long as that one happens to be linked as well",
            format!("{again}\nit subscribes while impersonating {subscriber}"),
        );
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::{assert_cause, fix};
    use super::*;

    #[test]
    fn a_missing_subscription_is_explained_by_what_is_recorded() {
        use Evidence::{MadeAsMeant, RefusedAsMeant, RefusedToAnother};
        for (evidence, part, first) in [
            (
                RefusedAsMeant,
                "is not linked in Producer Portal",
                "link s@p",
            ),
            (RefusedToAnother, "wrong identity", "impersonat"),
            (MadeAsMeant, "is gone", "apply"),
            (
                Evidence::None,
                "there is no subscription",
                "marketplace_topic is not set",
            ),
        ] {
            let found = judge_absence(evidence, "s@p");
            assert_cause([found.clone()], part);
            let fix = fix([found]);
            assert!(fix.contains(first), "{fix}");
        }
    }

    #[test]
    fn the_topic_is_google_s_and_the_subscription_the_linked_account_s() {
        use Evidence::{MadeAsMeant, MadeByAnother, None};
        let google = "projects/cloudcommerceproc-prod/topics";
        let topic = format!("{google}/vendor");
        for (topic, detached, evidence, part) in [
            (topic.as_str(), false, MadeAsMeant, ""),
            (&topic, false, None, ""),
            (&format!("{google}/DEMO-vendor-1"), false, None, ""),
            (&format!("{google}/other"), false, None, "another provider"),
            (&topic, true, None, "cut off"),
            (DELETED, false, None, "cut off"),
            ("projects/vendor/topics/vendor", false, None, "wrong topic"),
            (&topic, false, MadeByAnother, "another identity"),
        ] {
            let found = Subscription {
                topic: topic.to_owned(),
                detached,
                ..Subscription::default()
            };
            assert_cause(judge_topic(&found, Some("vendor"), evidence, "s@p"), part);
        }
    }
}
