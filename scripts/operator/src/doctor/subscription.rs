//! Whether the Marketplace's events arrive.

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::cloud_resources::Subscription;
use super::dead_letter_rights;
use super::deployment::{Deployment, EVENTS};
use super::evidence::Evidence;
use super::finding::{Finding, or_fine};
use super::names::{MARKETPLACE_PROJECT, PRODUCER_PORTAL, short};
use super::push::{self, Expected};
use super::unreadable::{ReadOption, Unread};

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
        match dead_letter_rights::findings(cloud, deployment, name, topic).await {
            Ok(more) => found.extend(more),
            Err(unread) => found.push(unread.finding("the rights to put dead letters away")),
        }
    }
    match Expected::of(deployment, dead_letters) {
        Ok(expected) => found.extend(push::judge(name, &read, &expected)),
        Err(unread) => found.push(unread.finding(what)),
    }
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
    use super::*;

    fn cause(finding: Finding) -> (String, String) {
        match finding {
            Finding::Problem(advice) => (advice.cause, advice.fix),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_missing_subscription_is_explained_by_what_is_recorded() {
        for (evidence, part, first) in [
            (
                Evidence::RefusedAsMeant,
                "is not linked in Producer Portal",
                "link s@p",
            ),
            (Evidence::RefusedToAnother, "wrong identity", "impersonat"),
            (Evidence::MadeAsMeant, "is gone", "apply"),
            (
                Evidence::None,
                "there is no subscription",
                "marketplace_topic is not set",
            ),
        ] {
            let (cause, fix) = cause(judge_absence(evidence, "s@p"));
            assert!(cause.contains(part), "{cause}");
            assert!(fix.contains(first), "{fix}");
            assert!(!cause.contains('@'));
        }
    }

    #[test]
    fn the_topic_is_google_s_and_the_subscription_the_linked_account_s() {
        let of = |topic: &str, detached, evidence| {
            let found = Subscription {
                topic: topic.to_owned(),
                detached,
                ..Subscription::default()
            };
            let mut found = judge_topic(&found, Some("vendor"), evidence, "s@p").into_iter();
            found
                .next()
                .map_or_else(String::new, |finding| cause(finding).0)
        };
        let topic = "projects/cloudcommerceproc-prod/topics/vendor";
        assert_eq!(of(topic, false, Evidence::MadeAsMeant), "");
        assert_eq!(of(topic, false, Evidence::None), "");
        let demo = "projects/cloudcommerceproc-prod/topics/DEMO-vendor-1";
        assert_eq!(of(demo, false, Evidence::None), "");
        let other = "projects/cloudcommerceproc-prod/topics/other";
        assert!(of(other, false, Evidence::None).contains("another provider"));
        assert!(of(topic, true, Evidence::None).contains("cut off"));
        assert!(of(DELETED, false, Evidence::None).contains("cut off"));
        assert!(of("projects/vendor/topics/vendor", false, Evidence::None).contains("wrong topic"));
        assert!(of(topic, false, Evidence::MadeByAnother).contains("another identity"));
    }
}
