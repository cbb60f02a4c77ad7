//! The link to Producer Portal, as far as it is visible: it has no API, and the Procurement API answers only
//! accounts that are linked there.

use super::super::apis::PROCUREMENT;
use super::super::cloud::Cloud;
use super::super::cloud_resources::Present;
use super::super::finding::Finding;
use super::super::names::PRODUCER_PORTAL;
use super::super::refusal::RefusalReason;
use super::super::unreadable::{ReadOption, Unread};
use super::Intended;

pub(super) async fn check(cloud: &Cloud, intended: &Intended) -> Vec<Finding> {
    let path = format!("v1/providers/{}/accounts", intended.provider);
    let path = Cloud::with_query(&path, &[("pageSize", "1")]);
    vec![judge(&cloud.read(PROCUREMENT, path).await)]
}

fn judge(read: &ReadOption<Present>) -> Finding {
    use RefusalReason::{AbsentOrHidden, Permission};
    match read {
        Ok(Some(Present {})) => {
            Finding::fine("Google knows the provider id, and the account that you act as is linked")
        }
        Ok(None) => Finding::problem(
            "Google knows no vendor by this provider id",
            format!(
                "procurement_provider in terraform.tfvars: the provider id that Producer Portal shows: \
                 {PRODUCER_PORTAL}"
            ),
        ),
        // So it is for everybody before the accounts exist that are linked.
        Err(Unread::Refused {
            why: Permission | AbsentOrHidden,
            ..
        }) => Finding::fine(
            "nothing of the link is visible, nor whether procurement_provider is right, because the account \
             that you act as is not linked itself. That is in no way of the first apply, whose output \
             service_accounts_to_link says which accounts to link",
        ),
        Err(unread) => unread.finding("the link could not be looked at"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::tests::assert_cause;
    use super::*;

    #[test]
    fn an_account_that_is_not_linked_sees_nothing_and_needs_nothing() {
        let refused = |why| {
            Err(Unread::Refused {
                host: PROCUREMENT.host,
                why,
                role: PROCUREMENT.role,
                project: "vendor".to_owned(),
            })
        };
        for (read, part) in [
            (Ok(Some(Present {})), "fine"),
            (Ok(None), "no vendor"),
            (refused(RefusalReason::Permission), "fine"),
            (refused(RefusalReason::ApiDisabled), "unknown"),
            (Err(Unread::NoCredentials), "unknown"),
        ] {
            assert_cause([judge(&read)], part);
        }
    }
}
