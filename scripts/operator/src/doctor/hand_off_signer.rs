//! Whether the account that signs hand-offs exists, and the functions may sign with it.

use super::apis::IAM;
use super::cloud::Cloud;
use super::cloud_resources::SignerAccount;
use super::deployment::{Deployment, LOGIN, SIGNUP};
use super::finding::{Finding, or_fine};
use super::iam_policy::{Access, Policy};
use super::names::{is_safe, short};
use super::unreadable::{ReadOption, Unread};

/// Roles that allow `signJwt`, beside the deployment's own.
const SIGNING: [&str; 2] = ["roles/iam.serviceAccountTokenCreator", "roles/owner"];

pub(super) async fn check(cloud: &Cloud, deployment: &Deployment) -> Vec<Finding> {
    let mut found = Vec::new();
    for function in [SIGNUP, LOGIN] {
        match findings(cloud, deployment, function).await {
            Ok(more) => found.extend(more),
            Err(unread) => found.push(unread.finding(&format!("the signer of {function}"))),
        }
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
    let account = cloud
        .read::<SignerAccount>(IAM, format!("v1/{resource}"))
        .await;
    let policy = cloud.service_account_policy(&resource).await;
    let runs_as = &deployment.service(function)?.template.service_account;
    Ok(judge(
        function,
        &account,
        &[&policy, &deployment.policy],
        Access {
            account: runs_as,
            resource: signer,
        },
    ))
}

fn judge(
    function: &str,
    signer: &ReadOption<SignerAccount>,
    policies: &[&ReadOption<Policy>; 2],
    access: Access<'_>,
) -> Vec<Finding> {
    let Access {
        account: runs_as,
        resource: name,
    } = access;
    match signer {
        Err(unread) => return vec![unread.finding("the signer of hand-offs")],
        Ok(None) => {
            return vec![Finding::problem(
                format!("{function} cannot hand customers over: HAND_OFF_SIGNER is not there"),
                "terraform -chdir=terraform apply",
            )];
        }
        Ok(Some(account)) if account.disabled => {
            return vec![Finding::problem(
                format!("{function} cannot hand customers over: HAND_OFF_SIGNER is disabled"),
                format!("gcloud iam service-accounts enable {name}"),
            )];
        }
        Ok(Some(_)) => {}
    }
    let known: Vec<_> = policies
        .iter()
        .filter_map(|read| read.as_ref().ok())
        .collect();
    let mut granted = known.iter().filter_map(|policy| policy.as_ref());
    if granted.any(|policy| policy.grants(runs_as, &SIGNING)) {
        return Vec::new();
    }
    if let [Err(unread), _] = policies {
        return vec![unread.finding(&format!("whether {function} may sign"))];
    }
    vec![Finding::problem(
        format!(
            "{function} cannot hand customers over: it may not sign as HAND_OFF_SIGNER (signJwt)"
        ),
        format!(
            "terraform -chdir=terraform apply, or:\n\
             gcloud iam service-accounts add-iam-policy-binding {name} \
             --member=serviceAccount:{runs_as} --role=roles/iam.serviceAccountTokenCreator"
        ),
    )]
}

#[cfg(test)]
mod tests {
    use super::super::iam_policy::Binding;
    use super::*;

    #[test]
    fn the_signer_is_there_and_may_be_signed_with() {
        let policy = |role: &str| {
            Ok(Some(Policy {
                bindings: vec![Binding {
                    role: role.to_owned(),
                    members: vec!["serviceAccount:f@p".to_owned()],
                }],
            }))
        };
        let there = || Ok(Some(SignerAccount::default()));
        let disabled = || Ok(Some(SignerAccount { disabled: true }));
        let unread = || Err(Unread::NoAnswer { host: "a" });
        let access = Access {
            account: "f@p",
            resource: "h@p",
        };
        let of = |signer, own: &ReadOption<Policy>, project: &ReadOption<Policy>| {
            let found = judge("signup", &signer, &[own, project], access);
            match found.into_iter().next() {
                None => String::new(),
                Some(Finding::Problem(advice)) => advice.cause,
                Some(_) => "unknown".to_owned(),
            }
        };
        let sign = policy("projects/p/roles/portico_sign_jwt");
        let none = policy("roles/viewer");
        let creator = policy("roles/iam.serviceAccountTokenCreator");
        assert_eq!(of(there(), &sign, &none), "");
        assert_eq!(of(there(), &none, &creator), "");
        assert!(of(there(), &none, &none).contains("may not sign"));
        assert!(of(there(), &Ok(None), &unread()).contains("may not sign"));
        assert_eq!(of(there(), &unread(), &none), "unknown");
        assert!(of(Ok(None), &sign, &none).contains("not there"));
        assert!(of(disabled(), &sign, &none).contains("disabled"));
        let not_read = Err(Unread::NoCredentials);
        assert_eq!(of(not_read, &sign, &none), "unknown");
    }
}
