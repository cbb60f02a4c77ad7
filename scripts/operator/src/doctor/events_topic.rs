//! Whether the functions can publish changes to the application's topic.

use operations::Topic;

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::cloud_resources::Present;
use super::deployment::{Deployment, EVENTS, SIGNUP};
use super::finding::{Finding, or_fine};
use super::iam_policy::{Access, Policy};
use super::unreadable::{ReadOption, Unread};

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
    let given = deployment.outputs.events_topic.as_deref();
    if let Some(finding) = judge_setting(function, set, given) {
        return Ok(vec![finding]);
    }
    let Ok(topic) = Topic::parse(set) else {
        return Err(Unread::NoOutput("events_topic"));
    };
    let there = cloud.read::<Present>(PUBSUB, format!("v1/{topic}")).await?;
    let policy = cloud.policy(PUBSUB, &topic).await;
    let runs_as = &deployment.service(function)?.template.service_account;
    let access = Access {
        account: runs_as,
        resource: set,
    };
    let policies = [&policy, &deployment.policy];
    Ok(judge(function, there.is_some(), &policies, access))
}

fn judge_setting(function: &str, set: &str, given: Option<&str>) -> Option<Finding> {
    let cause = match given {
        _ if set.is_empty() => {
            format!("{function} does not notify your application: EVENTS_TOPIC is not set")
        }
        Some(given) if given != set => format!(
            "{function} publishes to another topic (EVENTS_TOPIC) than the one that your \
             application is given (events_topic)"
        ),
        _ => return None,
    };
    Some(Finding::problem(cause, "terraform -chdir=terraform apply"))
}

fn judge(
    function: &str,
    is_there: bool,
    policies: &[&ReadOption<Policy>; 2],
    access: Access<'_>,
) -> Vec<Finding> {
    let Access {
        account,
        resource: topic,
    } = access;
    if !is_there {
        return vec![Finding::problem(
            format!("{function} cannot notify your application: EVENTS_TOPIC does not exist"),
            format!("terraform -chdir=terraform apply, or: gcloud pubsub topics create {topic}"),
        )];
    }
    let mut granted = policies
        .iter()
        .filter_map(|read| read.as_ref().ok()?.as_ref());
    if granted.any(|policy| policy.grants(account, &PUBLISHING)) {
        return Vec::new();
    }
    if let [Err(unread), _] = policies {
        return vec![unread.finding(&format!("whether {function} may publish"))];
    }
    vec![Finding::problem(
        format!("{function} cannot notify your application: it may not publish to EVENTS_TOPIC"),
        format!(
            "terraform -chdir=terraform apply, or:\n\
             gcloud pubsub topics add-iam-policy-binding {topic} \
             --member=serviceAccount:{account} --role=roles/pubsub.publisher"
        ),
    )]
}

#[cfg(test)]
mod tests {
    use super::super::iam_policy::Binding;
    use super::*;

    #[test]
    fn the_topic_is_the_one_that_the_application_is_given() {
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
        let of = |is_there, own: &ReadOption<Policy>, project: &ReadOption<Policy>| {
            let found = judge(
                "signup",
                is_there,
                &[own, project],
                Access {
                    account: "f@p",
                    resource: "t",
                },
            );
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
        assert!(of(false, &publisher, &viewer).contains("does not exist"));
    }
}
