//! Who tried to subscribe to the Marketplace's topic: Cloud Audit Logs keep it for 400 days.

use super::cloud::Cloud;
use super::cloud_resources::LogEntries;
use super::deployment::{Deployment, SIGNUP};
use super::names::short;
use super::unreadable::Unread;

/// Canonical code of a refusal.
const PERMISSION_DENIED: i32 = 7;

/// What is known of the newest attempt to make the subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// By the account that is meant to, and it came about.
    MadeAsMeant,
    /// By another account, and it came about.
    MadeByAnother,
    /// By the account that is meant to, and Google refused.
    RefusedAsMeant,
    /// By another account, and Google refused.
    RefusedToAnother,
    /// Nothing is recorded, or it cannot be read.
    None,
}

/// Looks for the newest attempt.
pub(super) async fn of_subscribing(cloud: &Cloud, deployment: &Deployment) -> Evidence {
    let (Some(name), Some(subscriber)) = (subscription(deployment), deployment.subscriber()) else {
        return Evidence::None;
    };
    let project = &deployment.project;
    let filter = format!(
        "logName=\"projects/{project}/logs/cloudaudit.googleapis.com%2Factivity\" AND \
         protoPayload.methodName=\"google.pubsub.v1.Subscriber.CreateSubscription\" AND \
         protoPayload.resourceName=\"projects/{project}/subscriptions/{name}\""
    );
    let log: Result<LogEntries, Unread> = cloud.log(&filter).await;
    log.map_or(Evidence::None, |log| judge(&log, subscriber))
}

/// The name that Terraform gives the subscription, also if it could not make it.
fn subscription(deployment: &Deployment) -> Option<String> {
    if let Some(name) = &deployment.outputs.marketplace_subscription {
        return Some(short(name).to_owned());
    }
    let signup = deployment.function(SIGNUP).ok()?;
    let prefix = signup.service.strip_suffix("-signup")?;
    Some(format!("{prefix}-marketplace"))
}

fn judge(log: &LogEntries, subscriber: &str) -> Evidence {
    let mut attempts = log
        .entries
        .iter()
        .filter_map(|entry| entry.proto_payload.as_ref());
    let Some(newest) = attempts.next() else {
        return Evidence::None;
    };
    let as_meant = newest.authentication_info.principal_email == subscriber;
    match (newest.status.code, as_meant) {
        (0, true) => Evidence::MadeAsMeant,
        (0, false) => Evidence::MadeByAnother,
        (PERMISSION_DENIED, true) => Evidence::RefusedAsMeant,
        (PERMISSION_DENIED, false) => Evidence::RefusedToAnother,
        _ => Evidence::None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn the_newest_attempt_counts() {
        let log = |entries| from_value(json!({ "entries": entries })).unwrap();
        let attempt = |who: &str, code: i32| json!({"protoPayload": {"authenticationInfo": {"principalEmail": who}, "status": {"code": code}}});
        let made = json!({"protoPayload": {"authenticationInfo": {"principalEmail": "s@p"}, "status": {}}});
        let refused = attempt("s@p", 7);
        for (entries, evidence) in [
            (json!([]), Evidence::None),
            (json!([{"jsonPayload": {}}]), Evidence::None),
            (json!([made, refused]), Evidence::MadeAsMeant),
            (json!([attempt("o@p", 0)]), Evidence::MadeByAnother),
            (json!([refused, made]), Evidence::RefusedAsMeant),
            (json!([attempt("o@p", 7)]), Evidence::RefusedToAnother),
            (json!([attempt("s@p", 6)]), Evidence::None),
        ] {
            assert_eq!(judge(&log(entries.clone()), "s@p"), evidence, "{entries}");
        }
    }
}
