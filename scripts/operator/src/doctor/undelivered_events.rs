//! Whether events or dead letters wait too long, as Cloud Monitoring measures it.

use jiff::{SignedDuration, Timestamp};

use super::apis::MONITORING;
use super::cloud::Cloud;
use super::cloud_resources::Measured;
use super::deployment::Deployment;
use super::finding::{Finding, or_fine};
use super::names::short;
use super::unreadable::{ReadOption, Unread};

const WAITING: &str = "pubsub.googleapis.com/subscription/num_undelivered_messages";
const AGE: &str = "pubsub.googleapis.com/subscription/oldest_unacked_message_age";

/// Oldest that an event may be, in seconds: the alert of the deployment has the same limit.
const OLDEST: u64 = 3_600;

/// How far back the measurements go: they come every minute, some minutes late.
const RECENT: SignedDuration = SignedDuration::from_mins(15);

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment, now: Timestamp) -> Vec<Finding> {
    let what = "what waits in the subscriptions";
    let outputs = &deployment.outputs;
    let Some(dead_letters) = &outputs.dead_letters_subscription else {
        return vec![Unread::NoOutput("dead_letters_subscription").finding(what)];
    };
    let (waiting, age) = match (
        measured(cloud, WAITING, now).await,
        measured(cloud, AGE, now).await,
    ) {
        (Ok(waiting), Ok(age)) => (waiting.unwrap_or_default(), age.unwrap_or_default()),
        (Err(unread), _) | (_, Err(unread)) => return vec![unread.finding(what)],
    };
    let replay = outputs.replay_topic.as_deref().unwrap_or("TOPIC");
    let found = judge_dead_letters(&waiting, dead_letters, replay);
    let mut found: Vec<_> = found.into_iter().collect();
    if let Some(marketplace) = &outputs.marketplace_subscription {
        found.extend(judge_age(&age, marketplace));
    }
    or_fine(found, "no dead letters, and no event is older than an hour")
}

async fn measured(cloud: &Cloud, metric: &str, now: Timestamp) -> ReadOption<Measured> {
    let path = Cloud::with_query(
        &format!("v3/projects/{}/timeSeries", cloud.project),
        &[
            ("filter", &format!("metric.type=\"{metric}\"")),
            ("interval.startTime", &format!("{:.0}", now - RECENT)),
            ("interval.endTime", &format!("{now:.0}")),
            ("view", "FULL"),
        ],
    );
    cloud.read(MONITORING, path).await
}

/// The newest value of a metric for a subscription; zero if nothing was measured.
fn newest(measured: &Measured, metric: &str, subscription: &str) -> u64 {
    let series = measured.time_series.iter().find(|series| {
        let label = series.resource.labels.get("subscription_id");
        series.metric.r#type == metric && label.is_some_and(|id| id == short(subscription))
    });
    let point = series.and_then(|series| series.points.first());
    point
        .and_then(|point| point.value.int64_value.parse().ok())
        .unwrap_or(0)
}

fn judge_dead_letters(measured: &Measured, subscription: &str, replay: &str) -> Option<Finding> {
    let count = newest(measured, WAITING, subscription);
    (count > 0).then(|| {
        Finding::problem(
            format!("{count} dead letters wait: events that failed a hundred times"),
            format!(
                "look at the errors of procurement-events in Cloud Logging, and repair the cause; then\n\
                 operator dead-letters replay --subscription {subscription} --to {replay}"
            ),
        )
    })
}

fn judge_age(measured: &Measured, subscription: &str) -> Option<Finding> {
    let hours = newest(measured, AGE, subscription) / OLDEST;
    (hours > 0).then(|| {
        Finding::problem(
            format!(
                "events of the Marketplace have not been delivered for {hours} h and more: the \
                 function refuses them or fails, again and again"
            ),
            "repair what is reported above about the subscription; otherwise the log of procurement-events says \
             why: 401 is its audience or identity, 503 the Procurement API or the database",
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::super::finding::tests::{assert_cause, cause, fix};
    use super::*;

    #[test]
    fn only_the_newest_measurement_of_the_subscription_counts() {
        let series = |metric: &str, id: &str, values: &[&str]| {
            let points = values
                .iter()
                .map(|value| json!({"value": {"int64Value": value}}));
            json!({
                "metric": {"type": metric},
                "resource": {"labels": {"subscription_id": id}},
                "points": points.collect::<Vec<_>>(),
            })
        };
        let measured: Measured = from_value(json!({"timeSeries": [
            series(WAITING, "other", &["9"]),
            series(AGE, "dead", &["9"]),
            series(WAITING, "dead", &["3", "7"]),
            series(WAITING, "empty", &["0", "7"]),
            series(AGE, "late", &["7300"]),
            series(AGE, "soon", &["3599"]),
        ]}))
        .unwrap();
        let dead = |id: &str| {
            judge_dead_letters(&measured, &format!("projects/p/subscriptions/{id}"), "t")
        };
        assert!(cause(dead("dead")).starts_with("3 dead letters"));
        assert!(fix(dead("dead")).ends_with("--subscription projects/p/subscriptions/dead --to t"));
        assert_eq!((dead("empty"), dead("unknown")), (None, None));
        assert_cause(judge_age(&measured, "projects/p/subscriptions/late"), "2 h");
        assert_eq!(judge_age(&measured, "projects/p/subscriptions/soon"), None);
    }
}
