//! Whether the application can be told of changes.

use operations::Topic;

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::deployment::{Deployment, EVENTS, SIGNUP};
use super::finding::{Finding, or_fine};
use super::policy::Policy;
use super::resources::Present;
use super::unread::{Read, Unread};

/// Roles that allow to publish.
const PUBLISHING: [&str; 5] = [
    "roles/pubsub.publisher",
    "roles/pubsub.editor",
    "roles/pubsub.admin",
    "roles/editor",
    "roles/owner",
];

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment) -> Vec<Finding> {
    let mut found = Vec::new();
    for function in [SIGNUP, EVENTS] {
        match findings(cloud, deployment, function).await {
            Ok(more) => found.extend(more),
            Err(unread) => found.push(unread.finding(&format!("EVENTS_TOPIC of {function}"))),
        }
    }
    or_fine(
        found,
        "the topic is there, and the functions may publish to it",
    )
}

async fn findings(
    cloud: &Cloud,
    deployment: &Deployment,
    function: &str,
) -> Result<Vec<Finding>, Unread> {
    let set = deployment.variable(function, "EVENTS_TOPIC")?;
    let told = deployment.outputs.events_topic.as_deref();
    if let Some(finding) = judge_setting(function, set, told) {
        return Ok(vec![finding]);
    }
    let Ok(topic) = Topic::parse(set) else {
        return Err(Unread::Unsaid("events_topic"));
    };
    let there = cloud.read::<Present>(PUBSUB, format!("v1/{topic}")).await?;
    let policy = cloud.policy(PUBSUB, &topic).await;
    let runs_as = &deployment.service(function)?.template.service_account;
    let policies = [&policy, &deployment.policy];
    Ok(judge(function, there.is_some(), &policies, (set, runs_as)))
}

fn judge_setting(function: &str, set: &str, told: Option<&str>) -> Option<Finding> {
    let cause = match told {
        _ if set.is_empty() => {
            format!("{function} tells your application nothing: EVENTS_TOPIC is not set")
        }
        Some(told) if told != set => format!(
            "{function} publishes to another topic (EVENTS_TOPIC) than your application is told of \
             (events_topic)"
        ),
        _ => return None,
    };
    Some(Finding::problem(cause, "terraform -chdir=terraform apply"))
}

/// `names` are the topic, and whom the function runs as.
fn judge(
    function: &str,
    is_there: bool,
    policies: &[&Read<Policy>; 2],
    names: (&str, &str),
) -> Vec<Finding> {
    let (topic, runs_as) = names;
    if !is_there {
        return vec![Finding::problem(
            format!("your application is told nothing by {function}: EVENTS_TOPIC is not there"),
            format!("terraform -chdir=terraform apply, or: gcloud pubsub topics create {topic}"),
        )];
    }
    let mut granted = policies
        .iter()
        .filter_map(|read| read.as_ref().ok()?.as_ref());
    if granted.any(|policy| policy.grants(runs_as, &PUBLISHING)) {
        return Vec::new();
    }
    if let [Err(unread), _] = policies {
        return vec![unread.finding(&format!("whether {function} may publish"))];
    }
    vec![Finding::problem(
        format!(
            "your application is told nothing by {function}: it may not publish to EVENTS_TOPIC"
        ),
        format!(
            "terraform -chdir=terraform apply, or:\n\
             gcloud pubsub topics add-iam-policy-binding {topic} \
             --member=serviceAccount:{runs_as} --role=roles/pubsub.publisher"
        ),
    )]
}

#[cfg(test)]
mod tests {
    use super::super::policy::Binding;
    use super::*;

    #[test]
    fn the_topic_is_set_as_the_application_is_told() {
        assert_eq!(judge_setting("signup", "t", Some("t")), None);
        assert_eq!(judge_setting("signup", "t", None), None);
        assert!(judge_setting("signup", "", None).is_some());
        assert!(judge_setting("signup", "u", Some("t")).is_some());
    }

    #[test]
    fn the_topic_is_there_and_may_be_published_to() {
        let policy = |role: &str| {
            Ok(Some(Policy {
                bindings: vec![Binding {
                    role: role.to_owned(),
                    members: vec!["serviceAccount:f@p".to_owned()],
                }],
            }))
        };
        let (publisher, viewer) = (policy("roles/pubsub.publisher"), policy("roles/viewer"));
        let unread = Err(Unread::NoCredentials);
        let of = |is_there, own: &Read<Policy>, project: &Read<Policy>| {
            let found = judge("signup", is_there, &[own, project], ("t", "f@p"));
            match found.into_iter().next() {
                None => String::new(),
                Some(Finding::Problem(advice)) => advice.cause,
                Some(_) => "unknown".to_owned(),
            }
        };
        assert_eq!(of(true, &publisher, &viewer), "");
        assert_eq!(of(true, &viewer, &policy("roles/editor")), "");
        assert!(of(true, &viewer, &unread).contains("may not publish"));
        assert_eq!(of(true, &unread, &viewer), "unknown");
        assert!(of(false, &publisher, &viewer).contains("not there"));
    }
}
