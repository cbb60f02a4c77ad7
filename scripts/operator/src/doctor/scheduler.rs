//! Whether Cloud Scheduler calls `/reconcile`, with an identity that the function accepts.

use super::apis::SCHEDULER;
use super::cloud::Cloud;
use super::cloud_resources::{HttpTarget, Job, Jobs};
use super::deployment::{Deployment, EVENTS};
use super::finding::{Finding, or_fine};
use super::identity_token::AcceptedToken;
use super::names::short;
use super::unreadable::{Unread, or_unread};

/// What the function lets in.
struct ExpectedJob<'a> {
    uri: String,
    region: &'a str,
    token: AcceptedToken<'a>,
}

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment) -> Vec<Finding> {
    let found = findings(cloud, deployment).await;
    let found = or_unread(found, "the scheduler's jobs");
    or_fine(
        found,
        "/reconcile is called, with an identity that is let in",
    )
}

async fn findings(cloud: &Cloud, deployment: &Deployment) -> Result<Vec<Finding>, Unread> {
    let expected = expected(deployment)?;
    let (project, region) = (&deployment.project, expected.region);
    let path = format!("v1/projects/{project}/locations/{region}/jobs");
    let path = Cloud::with_query(&path, &[("pageSize", "500")]);
    let jobs: Option<Jobs> = cloud.read(SCHEDULER, path).await?;
    Ok(judge(&expected, &jobs.unwrap_or_default().jobs))
}

fn expected(deployment: &Deployment) -> Result<ExpectedJob<'_>, Unread> {
    let run_url = &deployment.function(EVENTS)?.run_url;
    Ok(ExpectedJob {
        uri: format!("{run_url}/reconcile"),
        region: deployment.scheduler_region()?,
        token: AcceptedToken::of(deployment, "SCHEDULER_IDENTITY")?,
    })
}

fn judge(expected: &ExpectedJob<'_>, jobs: &[Job]) -> Vec<Finding> {
    let calls_it = |job: &&Job| job.http_target.uri == expected.uri;
    let Some(job) = jobs.iter().find(calls_it) else {
        return vec![Finding::problem(
            "no job calls /reconcile: what an event missed is never made up for",
            "terraform -chdir=terraform apply",
        )];
    };
    let (name, region) = (short(&job.name), expected.region);
    let mut found = Vec::new();
    if matches!(job.state.as_str(), "PAUSED" | "DISABLED") {
        found.push(Finding::problem(
            "the job that calls /reconcile is paused",
            format!("gcloud scheduler jobs resume {name} --location={region}"),
        ));
    }
    let HttpTarget { uri, oidc_token } = &job.http_target;
    let wrong = expected.token.judge(oidc_token.as_ref(), uri);
    found.extend(wrong.map(|wrong| {
        Finding::problem(
            format!("the job calls /reconcile {wrong}, and is answered 401"),
            format!(
                "terraform -chdir=terraform apply, or:\n\
                 gcloud scheduler jobs update http {name} --location={region} \
                 --oidc-service-account-email={} --oidc-token-audience={}",
                expected.token.identity, expected.token.audience
            ),
        )
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::super::cloud_resources::OidcToken;
    use super::super::finding::tests::assert_cause;
    use super::*;

    fn judged(change: impl FnOnce(&mut Job)) -> Vec<Finding> {
        let mut job = Job {
            name: "projects/p/locations/r/jobs/portico-reconcile".to_owned(),
            state: "ENABLED".to_owned(),
            http_target: HttpTarget {
                uri: "https://e/reconcile".to_owned(),
                oidc_token: Some(OidcToken {
                    service_account_email: "s@p".to_owned(),
                    audience: "https://e".to_owned(),
                }),
            },
        };
        change(&mut job);
        let expected = ExpectedJob {
            uri: "https://e/reconcile".to_owned(),
            region: "r",
            token: AcceptedToken {
                audience: "https://e",
                identity: "s@p",
                variable: "SCHEDULER_IDENTITY",
            },
        };
        judge(&expected, &[Job::default(), job])
    }

    fn with_token(change: impl FnOnce(&mut OidcToken)) -> Vec<Finding> {
        judged(|job| change(job.http_target.oidc_token.as_mut().unwrap()))
    }

    #[test]
    fn the_job_is_let_in() {
        assert_cause(judged(|_| {}), "");
        assert_cause(judged(|job| job.http_target.uri.clear()), "no job");
        assert_cause(judged(|job| job.state = "PAUSED".to_owned()), "paused");
        let without = judged(|job| job.http_target.oidc_token = None);
        assert_cause(without, "without an identity");
        let other = with_token(|token| token.service_account_email = "t@p".to_owned());
        assert_cause(other, "another service account");
        // Then it is the address that is called.
        let address = with_token(|token| token.audience.clear());
        assert_cause(address, "audience \"https://e/reconcile\"");
    }
}
