//! Whether the functions can publish changes to the application's topic.

use operations::Topic;

use super::apis::PUBSUB;
use super::cloud::Cloud;
use super::cloud_resources::{Policy, Present};
use super::deployment::{Deployment, EVENTS, SIGNUP};
use super::finding::{Finding, or_fine};
use super::iam_policy::Access;
use super::unreadable::{ReadOption, Unread, or_unread};

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
        let more = findings(cloud, deployment, function).await;
        found.extend(or_unread(more, &format!("EVENTS_TOPIC of {function}")));
    }
    let topic = deployment.outputs.events_topic.as_deref();
    let ours = topic.map_or_else(String::new, |topic| {
        format!("; `operator` needs it, too: export EVENTS_TOPIC={topic}")
    });
    or_fine(
        found,
        &format!("the topic is there, and the functions may publish to it{ours}"),
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
        kind: "pubsub topics",
        roles: &PUBLISHING,
    };
    let policies = [&policy, &deployment.policy];
    let found = judge(function, there.is_some(), &policies, access);
    Ok(found.into_iter().collect())
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
    policies: &[&ReadOption<Policy>],
    access: Access<'_>,
) -> Option<Finding> {
    let cause = format!("{function} cannot notify your application:");
    if !is_there {
        let create = format!("gcloud pubsub topics create {}", access.resource);
        return Some(Finding::problem(
            format!("{cause} EVENTS_TOPIC does not exist"),
            format!("terraform -chdir=terraform apply, or: {create}"),
        ));
    }
    let question = format!("whether {function} may publish");
    access.judge(
        policies,
        &question,
        format!("{cause} it may not publish to EVENTS_TOPIC"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::assert_cause;
    use super::super::iam_policy::tests::policy;
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
        let access = Access {
            account: "f@p",
            resource: "t",
            kind: "pubsub topics",
            roles: &PUBLISHING,
        };
        let publisher = Ok(Some(policy("roles/pubsub.publisher")));
        let editor = Ok(Some(policy("roles/editor")));
        let viewer = Ok(Some(policy("roles/viewer")));
        let unread = Err(Unread::NoCredentials);
        for (is_there, own, project, part) in [
            (true, &publisher, &viewer, ""),
            (true, &viewer, &editor, ""),
            (true, &viewer, &unread, "may not publish"),
            (true, &unread, &viewer, "unknown"),
            (false, &publisher, &viewer, "does not exist"),
        ] {
            assert_cause(judge("signup", is_there, &[own, project], access), part);
        }
    }
}
