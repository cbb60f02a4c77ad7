//! Whether the account that signs hand-offs exists, and the functions may sign with it.

use super::apis::IAM;
use super::cloud::Cloud;
use super::cloud_resources::{Policy, SignerAccount};
use super::deployment::{Deployment, LOGIN, SIGNUP};
use super::finding::{Finding, or_fine};
use super::iam_policy::Access;
use super::names::{is_safe, short};
use super::unreadable::{ReadOption, Unread, or_unread};

/// Roles that allow `signJwt`, beside the deployment's own.
const SIGNING: [&str; 2] = ["roles/iam.serviceAccountTokenCreator", "roles/owner"];

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment) -> Vec<Finding> {
    let mut found = Vec::new();
    for function in [SIGNUP, LOGIN] {
        let more = findings(cloud, deployment, function).await;
        found.extend(or_unread(more, &format!("the signer of {function}")));
    }
    or_fine(
        found,
        "the signer is there, and signup and sso-login may sign with it",
    )
}

async fn findings(
    cloud: &Cloud,
    deployment: &Deployment,
    function: &str,
) -> Result<Vec<Finding>, Unread> {
    let signer = deployment.variable(function, "HAND_OFF_SIGNER")?;
    let published = deployment.outputs.hand_off_keys_url.as_deref().map(short);
    if !is_safe(signer) || published.is_some_and(|published| published != signer) {
        return Ok(vec![Finding::problem(
            format!(
                "{function} signs with another account than the one whose keys your application is \
                 given (HAND_OFF_SIGNER, and the output hand_off_keys_url)"
            ),
            "terraform -chdir=terraform apply",
        )]);
    }
    let project = signer.split(['@', '.']).nth(1).unwrap_or("-");
    let resource = format!("projects/{project}/serviceAccounts/{signer}");
    let account = cloud.read(IAM, format!("v1/{resource}")).await;
    let policy = cloud.service_account_policy(&resource).await;
    let runs_as = &deployment.service(function)?.template.service_account;
    let access = Access {
        account: runs_as,
        resource: signer,
        kind: "iam service-accounts",
        roles: &SIGNING,
    };
    let found = judge(function, &account, &[&policy, &deployment.policy], access);
    Ok(found.into_iter().collect())
}

fn judge(
    function: &str,
    signer: &ReadOption<SignerAccount>,
    policies: &[&ReadOption<Policy>],
    access: Access<'_>,
) -> Option<Finding> {
    let cause = format!("{function} cannot hand customers over:");
    match signer {
        Err(unread) => Some(unread.finding("the signer of hand-offs")),
        Ok(None) => Some(Finding::problem(
            format!("{cause} HAND_OFF_SIGNER is not there"),
            "terraform -chdir=terraform apply",
        )),
        Ok(Some(account)) if account.disabled => Some(Finding::problem(
            format!("{cause} HAND_OFF_SIGNER is disabled"),
            format!("gcloud iam service-accounts enable {}", access.resource),
        )),
        Ok(Some(_)) => access.judge(
            policies,
            &format!("whether {function} may sign"),
            format!("{cause} it may not sign as HAND_OFF_SIGNER (signJwt)"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::assert_cause;
    use super::super::iam_policy::tests::policy;
    use super::*;

    #[test]
    fn the_signer_is_there_and_may_be_signed_with() {
        let access = Access {
            account: "f@p",
            resource: "h@p",
            kind: "iam service-accounts",
            roles: &SIGNING,
        };
        let signer = |disabled| Ok(Some(SignerAccount { disabled }));
        let (there, disabled, not_read) = (signer(false), signer(true), Err(Unread::NoCredentials));
        let own = Ok(Some(policy("projects/p/roles/portico_sign_jwt")));
        let creator = Ok(Some(policy("roles/iam.serviceAccountTokenCreator")));
        let none = Ok(Some(policy("roles/viewer")));
        let unread = Err(Unread::NoAnswer { host: "a" });
        for (signer, of_signer, of_project, part) in [
            (&there, &own, &none, ""),
            (&there, &none, &creator, ""),
            (&there, &none, &none, "may not sign"),
            (&there, &Ok(None), &unread, "may not sign"),
            (&there, &unread, &none, "unknown"),
            (&Ok(None), &own, &none, "not there"),
            (&disabled, &own, &none, "disabled"),
            (&not_read, &own, &none, "unknown"),
        ] {
            assert_cause(
                judge("signup", signer, &[of_signer, of_project], access),
                part,
            );
        }
    }
}
