//! Whether somebody pays for the project.

use super::super::apis::BILLING;
use super::super::cloud::Cloud;
use super::super::cloud_resources::Billing;
use super::super::finding::Finding;
use super::super::unreadable::ReadOption;

pub(super) async fn check(cloud: &Cloud) -> Vec<Finding> {
    let project = &cloud.project;
    let path = format!("v1/projects/{project}/billingInfo");
    vec![judge(&cloud.read(BILLING, path).await, project)]
}

fn judge(read: &ReadOption<Billing>, project: &str) -> Finding {
    match read {
        Ok(Some(billing)) if billing.billing_enabled => {
            Finding::fine("the project has an open billing account")
        }
        Ok(_) => Finding::problem(
            "the project has no billing account, or a closed one: Cloud Run and Artifact Registry refuse \
             to be enabled",
            format!(
                "gcloud billing projects link {project} --billing-account=ACCOUNT\n\
                 gcloud billing accounts list says which there are"
            ),
        ),
        Err(unread) => unread.finding("it could not be looked at"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::tests::assert_cause;
    use super::super::super::unreadable::Unread;
    use super::*;

    #[test]
    fn only_an_open_account_pays() {
        let billing = |billing_enabled| Ok(Some(Billing { billing_enabled }));
        for (read, part) in [
            (billing(true), "fine"),
            (billing(false), "no billing account"),
            (Ok(None), "no billing account"),
            (Err(Unread::NoCredentials), "unknown"),
        ] {
            assert_cause([judge(&read, "vendor")], part);
        }
    }
}
