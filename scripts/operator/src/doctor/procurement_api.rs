//! Whether the Partner Procurement API accepts calls of this program and of the functions.

use std::collections::BTreeSet;

use google_calls::{CallError, GoogleError, Unsent};
use jiff::{SignedDuration, Timestamp};
use operations::{Operations, call_deadline};
use procurement::{ProcurementError, Unavailable};

use super::cloud::Cloud;
use super::cloud_resources::LogEntries;
use super::deployment::{Deployment, EVENTS, SIGNUP};
use super::finding::{Finding, or_fine};
use super::names::PRODUCER_PORTAL;
use super::refusal::RefusalReason;
use super::unreadable::Unread;

const HOST: &str = "cloudcommerceprocurement.googleapis.com";

/// How far back the log is searched.
const RECENT: SignedDuration = SignedDuration::from_hours(6);

/// How the API answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ApiAnswer {
    LetIn,
    Refused(RefusalReason),
    NoSuchVendor,
    NoCredentials,
    NoAnswer,
}

pub(super) async fn check(
    operations: &Operations,
    cloud: &Cloud,
    deployment: &Deployment,
) -> Vec<Finding> {
    let asked = operations.procurement.accounts(None, call_deadline()).await;
    let reads_others = deployment.services.values().any(Result::is_ok) || deployment.policy.is_ok();
    let answer = asked.map_or_else(|error| answer(&error), |_| ApiAnswer::LetIn);
    let found = judge(answer, reads_others, &deployment.project);
    let mut found: Vec<_> = found.into_iter().collect();
    let since = Timestamp::now() - RECENT;
    let filter = format!(
        "resource.type=\"cloud_run_revision\" AND timestamp>=\"{since:.0}\" AND \"{}\"",
        denied_text()
    );
    found.extend(match cloud.log(&filter).await {
        Ok(log) => judge_functions(deployment, &denied(&log)),
        Err(unread) => vec![unread.finding("whether the functions are let in, from their log")],
    });
    or_fine(
        found,
        "you are let in, and no function was refused in the last six hours",
    )
}

fn answer(error: &ProcurementError) -> ApiAnswer {
    match error {
        ProcurementError::Denied(said) => ApiAnswer::Refused(RefusalReason::of(said)),
        ProcurementError::NotFound(_) | ProcurementError::Refused(_) => ApiAnswer::NoSuchVendor,
        ProcurementError::Unavailable(Unavailable::Call(CallError::Unsent(
            Unsent::Credentials(_),
        ))) => ApiAnswer::NoCredentials,
        ProcurementError::Unavailable(_) => ApiAnswer::NoAnswer,
    }
}

/// `reads_others` is whether other APIs let the same credentials in.
fn judge(answer: ApiAnswer, reads_others: bool, project: &str) -> Option<Finding> {
    let refusal = match answer {
        ApiAnswer::LetIn => return None,
        ApiAnswer::Refused(RefusalReason::Permission | RefusalReason::AbsentOrHidden) => {
            return Some(not_linked(reads_others, project));
        }
        ApiAnswer::Refused(refusal) => refusal,
        ApiAnswer::NoSuchVendor => {
            return Some(Finding::problem(
                "Google knows no vendor by this PROCUREMENT_PROVIDER",
                format!("take the provider id that Producer Portal shows: {PRODUCER_PORTAL}"),
            ));
        }
        ApiAnswer::NoCredentials => return Some(Unread::NoCredentials.finding("your access")),
        ApiAnswer::NoAnswer => return Some(Unread::NoAnswer { host: HOST }.finding("your access")),
    };
    let role = "roles/serviceusage.serviceUsageConsumer";
    let unread = Unread::Refused {
        host: HOST,
        why: refusal,
        role,
        project: project.to_owned(),
    };
    let Finding::Unknown(advice) = unread.finding("you are refused") else {
        return None;
    };
    // Here that is the news itself: Google says what is missing, and it is not the link.
    Some(Finding::Problem(advice))
}

/// A refusal that gives no reason. No IAM role gives access to this API, so that the link comes
/// first wherever IAM is known to be in order.
fn not_linked(reads_others: bool, project: &str) -> Finding {
    let link = format!(
        "link the service account that you act as: {PRODUCER_PORTAL} → your product → Technical \
         integration; or act as one that is linked: gcloud auth application-default login \
         --impersonate-service-account=…"
    );
    let provider = "is PROCUREMENT_PROVIDER the id in Producer Portal? Other vendors' are refused \
                    the same way";
    if reads_others {
        return Finding::problem(
            "the account that you act as is not linked in Producer Portal: other APIs of the \
             project let it in, so it is not for want of an IAM role, and none would help",
            format!("most likely: {link}\notherwise: {provider}"),
        );
    }
    Finding::problem(
        "the account that you act as is refused, and so it is by the project's other APIs: it \
         lacks IAM roles in the project, and most likely it is not linked in Producer Portal \
         either",
        format!(
            "first: gcloud projects add-iam-policy-binding {project} --member=… \
             --role=roles/viewer\nthen: {link}\notherwise: {provider}"
        ),
    )
}

/// What the functions log when the API refuses them: how [`ProcurementError::Denied`] begins, before
/// what Google says.
fn denied_text() -> String {
    let error = ProcurementError::Denied(GoogleError {
        code: 403,
        status: String::new(),
        reason: String::new(),
        message: String::new(),
    });
    let text = error.to_string();
    let own = text.split(['(', ';', ':']).next().unwrap_or_default();
    own.trim().to_owned()
}

/// The services whose log says that the API did not let them in.
fn denied(log: &LogEntries) -> BTreeSet<&str> {
    let lines = log
        .entries
        .iter()
        .filter(|line| line.proto_payload.is_none());
    lines
        .filter_map(|line| line.resource.labels.get("service_name").map(String::as_str))
        .collect()
}

fn judge_functions(deployment: &Deployment, denied: &BTreeSet<&str>) -> Vec<Finding> {
    let mut found = Vec::new();
    for name in [SIGNUP, EVENTS] {
        let Ok(function) = deployment.function(name) else {
            continue;
        };
        if !denied.contains(function.service.as_str()) {
            continue;
        }
        let account = deployment.service(name).ok();
        let account = account.map_or("ACCOUNT", |it| it.template.service_account.as_str());
        found.push(Finding::problem(
            format!(
                "the Procurement API refused {name} in the last six hours (403 in its log): its \
                 service account is not linked in Producer Portal. No IAM role gives this access"
            ),
            format!(
                "{PRODUCER_PORTAL} → your product → Technical integration: link {account}\n\
                 if it is linked: is the API enabled? gcloud services enable {HOST}"
            ),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::finding::tests::{assert_cause, fix};
    use super::*;

    #[test]
    fn the_missing_link_is_distinguished_from_a_missing_role() {
        let permission = ApiAnswer::Refused(RefusalReason::Permission);
        let disabled = ApiAnswer::Refused(RefusalReason::ApiDisabled);
        let charged = ApiAnswer::Refused(RefusalReason::ProjectDenied);
        let enable = format!("gcloud services enable {HOST} --project=vendor");
        let add_role = "first: gcloud projects add-iam-policy-binding";
        let role = "roles/serviceusage.serviceUsageConsumer";
        for (answer, cases, part, repair) in [
            (ApiAnswer::LetIn, &[false][..], "", ""),
            (
                permission,
                &[true],
                "not linked in Producer Portal",
                "most likely: link",
            ),
            (permission, &[true], "not for want", "most likely: link"),
            (permission, &[false], "lacks IAM roles", add_role),
            (disabled, &[true, false], "not enabled", &enable),
            (charged, &[true, false], "charged", role),
            (
                ApiAnswer::NoSuchVendor,
                &[true, false],
                "PROCUREMENT_PROVIDER",
                "",
            ),
            (ApiAnswer::NoAnswer, &[true], "unknown", ""),
            (ApiAnswer::NoCredentials, &[true], "unknown", ""),
        ] {
            for reads_others in cases {
                let found = judge(answer, *reads_others, "vendor");
                let fix = found.clone().map(|found| fix([found])).unwrap_or_default();
                let begins = fix.starts_with(repair) || repair == role && fix.contains(role);
                assert!(begins, "{repair}: {fix}");
                assert_cause(found, part);
            }
        }
        for reads_others in [true, false] {
            assert_eq!(fix(judge(disabled, reads_others, "vendor")), enable);
        }
    }

    #[test]
    fn what_is_searched_in_the_log_is_what_functions_write() {
        let error = GoogleError::parse(403, b"");
        let logged = ProcurementError::Denied(error).to_string();
        assert!(logged.contains(&denied_text()) && denied_text().contains("Procurement API"));
    }
}
