//! Whether a push subscription delivers to the function, with an identity that it accepts.

use super::cloud_resources::Subscription;
use super::deployment::{Deployment, EVENTS};
use super::finding::Finding;
use super::identity_token::AcceptedToken;
use super::unreadable::Unread;

/// Shortest acknowledgement deadline, in seconds: the function may take 8, and a cold start more.
/// Pub/Sub's default of 10 delivers again what is still being worked on.
const SHORTEST_DEADLINE: u32 = 30;

/// What the function and the dead letters need.
#[derive(Debug)]
pub(super) struct ExpectedPush<'a> {
    endpoint: String,
    token: AcceptedToken<'a>,
    /// Where dead letters are kept; `None` if that is not known.
    dead_letters: Option<String>,
}

impl<'a> ExpectedPush<'a> {
    pub(super) fn of(
        deployment: &'a Deployment,
        dead_letters: Option<String>,
    ) -> Result<Self, Unread> {
        Ok(Self {
            endpoint: format!("{}/events", deployment.function(EVENTS)?.run_url),
            token: AcceptedToken::of(deployment, "PUSH_IDENTITY")?,
            dead_letters,
        })
    }
}

/// What is wrong with a subscription of this name, of any topic.
pub(super) fn judge(name: &str, found: &Subscription, expected: &ExpectedPush<'_>) -> Vec<Finding> {
    [
        address(name, found, expected),
        identity(name, found, expected),
        deadline(name, found),
        expiration(name, found),
        dead_letters(name, found, expected),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn address(name: &str, found: &Subscription, expected: &ExpectedPush<'_>) -> Option<Finding> {
    let push = &found.push_config;
    let cause = if push.push_endpoint.is_empty() {
        "pushes nothing: it is a pull subscription, from which nothing pulls".to_owned()
    } else if push.push_endpoint != expected.endpoint {
        let endpoint = &expected.endpoint;
        format!(
            "pushes to {:?}, and the function takes events at {endpoint:?}",
            push.push_endpoint
        )
    } else if push.no_wrapper.is_some() {
        "pushes without Pub/Sub's envelope, which the function reads".to_owned()
    } else {
        return None;
    };
    Some(problem(cause, &push_config(name, expected)))
}

fn identity(name: &str, found: &Subscription, expected: &ExpectedPush<'_>) -> Option<Finding> {
    let push = &found.push_config;
    if push.push_endpoint.is_empty() {
        return None;
    }
    let token = push.oidc_token.as_ref();
    let cause = expected.token.judge(token, &push.push_endpoint)?;
    let cause = format!("pushes {cause}: every event is answered 401");
    Some(problem(cause, &push_config(name, expected)))
}

fn deadline(name: &str, found: &Subscription) -> Option<Finding> {
    if found.ack_deadline_seconds >= SHORTEST_DEADLINE {
        return None;
    }
    let cause = format!(
        "gives the function {} s to answer: a slow answer counts as none, and the event comes again \
         while it is being worked on",
        found.ack_deadline_seconds
    );
    Some(problem(cause, &update(name, "--ack-deadline=60")))
}

fn expiration(name: &str, found: &Subscription) -> Option<Finding> {
    let never = found
        .expiration_policy
        .as_ref()
        .is_some_and(|policy| policy.ttl.is_none());
    if never {
        return None;
    }
    let cause = "is deleted when nothing was delivered for some weeks (expiration is set): a month \
                 without a sale, and events are lost";
    Some(problem(cause, &update(name, "--expiration-period=never")))
}

fn dead_letters(name: &str, found: &Subscription, expected: &ExpectedPush<'_>) -> Option<Finding> {
    let topic = found
        .dead_letter_policy
        .as_ref()
        .map(|policy| &policy.dead_letter_topic);
    let cause = match (topic, &expected.dead_letters) {
        (None, _) => "has no dead-letter topic: an event that fails for 7 days is lost",
        (Some(topic), Some(kept)) if topic != kept => {
            "sends dead letters to a topic that the dead letters' subscription does not keep"
        }
        (Some(_), _) => return None,
    };
    let kept = expected.dead_letters.as_deref().unwrap_or("TOPIC");
    let option = format!("--dead-letter-topic={kept} --max-delivery-attempts=100");
    Some(problem(cause, &update(name, &option)))
}

fn problem(cause: impl Into<String>, command: &str) -> Finding {
    let fix = format!("terraform -chdir=terraform apply, or:\n{command}");
    Finding::problem(format!("it {}", cause.into()), fix)
}

fn update(name: &str, options: &str) -> String {
    format!("gcloud pubsub subscriptions update {name} {options}")
}

fn push_config(name: &str, expected: &ExpectedPush<'_>) -> String {
    format!(
        "gcloud pubsub subscriptions modify-push-config {name} --push-endpoint={} \
         --push-auth-service-account={} --push-auth-token-audience={}",
        expected.endpoint, expected.token.identity, expected.token.audience
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_str, from_value, json};

    use super::super::finding::tests::assert_cause;
    use super::*;

    fn subscription() -> Value {
        json!({
            "pushConfig": {
                "pushEndpoint": "https://e/events",
                "oidcToken": {"serviceAccountEmail": "push@p", "audience": "https://e"},
            },
            "ackDeadlineSeconds": 60,
            "expirationPolicy": {},
            "deadLetterPolicy": {"deadLetterTopic": "projects/p/topics/dead"},
        })
    }

    #[test]
    fn each_setting_that_is_wrong_is_the_one_that_is_named() {
        let expected = ExpectedPush {
            endpoint: "https://e/events".to_owned(),
            token: AcceptedToken {
                audience: "https://e",
                identity: "push@p",
                variable: "PUSH_IDENTITY",
            },
            dead_letters: Some("projects/p/topics/dead".to_owned()),
        };
        let judged = |json| judge("s", &from_value(json).unwrap(), &expected);
        assert_cause(judged(subscription()), "");
        // A setting, its value, which is left out if it is null, and what is said of it.
        for case in [
            r#"/pushConfig/pushEndpoint | "https://x/events" | pushes to"#,
            "/pushConfig | {} | pull subscription",
            r#"/pushConfig/noWrapper | {"writeMetadata": true} | envelope"#,
            "/pushConfig/oidcToken | null | without an identity token",
            r#"/pushConfig/oidcToken/serviceAccountEmail | "x@p" | another service account"#,
            r#"/pushConfig/oidcToken/audience | "https://e/" | audience "https://e/""#,
            r#"/pushConfig/oidcToken/audience | null | audience "https://e/events""#,
            "/ackDeadlineSeconds | 10 | 10 s",
            r#"/expirationPolicy | {"ttl": "2678400s"} | expiration is set"#,
            "/expirationPolicy | null | expiration is set",
            "/deadLetterPolicy | null | no dead-letter topic",
            r#"/deadLetterPolicy/deadLetterTopic | "projects/p/topics/other" | does not keep"#,
        ] {
            let cells: Vec<_> = case.split(" | ").collect();
            let [pointer, value, part] = cells[..] else {
                panic!("{case}");
            };
            let mut json = subscription();
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            let parent = json.pointer_mut(parent).unwrap().as_object_mut().unwrap();
            parent.insert(field.to_owned(), from_str(value).unwrap());
            parent.retain(|_, value| !value.is_null());
            assert_cause(judged(json), part);
        }
    }
}
