//! Whether Cloud Run has the region.

use super::super::apis::RUN;
use super::super::cloud::Cloud;
use super::super::cloud_resources::Present;
use super::super::finding::Finding;
use super::super::refusal::RefusalReason;
use super::super::unreadable::{ReadOption, Unread};
use super::Intended;

pub(super) async fn check(cloud: &Cloud, intended: &Intended) -> Vec<Finding> {
    let (project, region) = (&cloud.project, &intended.region);
    // A list of what is there, be it nothing, is given of regions only that there are.
    let path = format!("v2/projects/{project}/locations/{region}/services");
    let path = Cloud::with_query(&path, &[("pageSize", "1")]);
    vec![judge(&cloud.read(RUN, path).await, region)]
}

fn judge(read: &ReadOption<Present>, region: &str) -> Finding {
    match read {
        Ok(Some(Present {})) => Finding::fine(format!("Cloud Run answers in {region}")),
        Ok(None)
        | Err(Unread::Refused {
            why: RefusalReason::AbsentOrHidden,
            ..
        }) => Finding::problem(
            format!("Cloud Run has no region {region}, or not for this project"),
            "region in terraform.tfvars: one of gcloud run regions list",
        ),
        Err(unread) => unread.finding("Cloud Run could not be asked for it"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::tests::assert_cause;
    use super::*;

    #[test]
    fn a_region_that_is_refused_is_none() {
        let refused = |why| {
            Err(Unread::Refused {
                host: RUN.host,
                why,
                role: RUN.role,
                project: "vendor".to_owned(),
            })
        };
        for (read, part) in [
            (Ok(Some(Present {})), "fine"),
            (Ok(None), "no region"),
            (refused(RefusalReason::AbsentOrHidden), "no region"),
            (refused(RefusalReason::ApiDisabled), "unknown"),
            (refused(RefusalReason::Permission), "unknown"),
        ] {
            assert_cause([judge(&read, "europe-west1")], part);
        }
    }
}
