//! What to do next, as commands, and what to do about an error.

use google_calls::{CallError, GoogleError, Unsent};
use operations::{NextStep, OperationError};
use procurement::{ProcurementError, Unavailable};
use store::StoreUnavailable;

/// How Terraform's outputs are given to the doctor.
pub(crate) const OUTPUTS: &str =
    "terraform -chdir=terraform output -json | operator doctor --outputs -";

/// Where the store is an emulator, neither a role nor a database is missing.
pub(crate) const EMULATOR: &str = "Check FIRESTORE_EMULATOR_HOST, and whether the emulator runs. Then repeat the command: \
    what was done at Google stays done.";

/// The collections in which the doctor looks for documents that cannot be read.
const DOCTOR_LOOKS_IN: [&str; 7] = [
    "accounts",
    "entitlements",
    "journal",
    "journal_texts",
    "meters",
    "outbox",
    "reports",
];

/// The command for a step.
pub(crate) fn command(step: &NextStep) -> String {
    match step {
        NextStep::ApproveAccount(id) => format!("operator approve account {id}"),
        NextStep::ApproveOrder(id) => format!("operator approve entitlement {id}"),
        NextStep::RetryUsage(id) => format!("operator usage retry {id}"),
        NextStep::ReleaseUsage(id) => format!("operator usage release {id}"),
    }
}

/// What to do about an error.
pub(crate) fn on(error: &OperationError) -> &'static str {
    match error {
        OperationError::Procurement(error) => on_procurement(error),
        OperationError::PubSub(error) => on_call(error),
        OperationError::Store(StoreUnavailable::Undecodable { collection, .. }) => {
            if DOCTOR_LOOKS_IN.contains(collection) {
                "`operator doctor` says more about documents that cannot be read."
            } else {
                "Repair it in the Firestore console, in the collection that is named, then repeat the command."
            }
        }
        OperationError::Store(_) | OperationError::Commit(_) => {
            "Check GOOGLE_CLOUD_PROJECT and FIRESTORE_DATABASE, and that you have the role \
             roles/datastore.user there. Then repeat the command: what was done at Google stays done."
        }
        OperationError::RowsLeftOut(_) => {
            "Repair them in the Firestore console (collection reports), then repeat the command."
        }
        _ => "Repeat the command.",
    }
}

fn on_procurement(error: &ProcurementError) -> &'static str {
    match error {
        ProcurementError::Denied(_) => {
            "Google refuses the account that you act as: link the service account to the \
             Procurement API (Producer Portal → your product → Technical integration), or act as \
             the one that is linked (gcloud auth application-default login \
             --impersonate-service-account=…)."
        }
        ProcurementError::NotFound(_) => {
            "Google knows no such resource, or no longer: compare the id with `operator waiting`, \
             and PROCUREMENT_PROVIDER with Producer Portal."
        }
        ProcurementError::Refused(_) => {
            "Somebody else may have decided meanwhile: look again with `operator waiting`."
        }
        ProcurementError::Unavailable(Unavailable::Call(error)) => on_call(error),
        ProcurementError::Unavailable(_) => {
            "Repeat the command later; it begins with what Google says then."
        }
    }
}

fn on_call(error: &CallError) -> &'static str {
    match error {
        CallError::Answered {
            error: GoogleError {
                code: 401 | 403, ..
            },
            ..
        } => {
            "You need the role roles/pubsub.subscriber on the subscription and \
             roles/pubsub.publisher on the topic."
        }
        CallError::Answered {
            error: GoogleError { code: 404, .. },
            ..
        } => "There is no such subscription or topic: `gcloud pubsub subscriptions list`.",
        CallError::Unsent(Unsent::Credentials(_)) => {
            "There are no credentials to act with: gcloud auth application-default login."
        }
        _ if error.may_have_taken_effect() => {
            "It may have happened all the same: repeat the command, which looks first."
        }
        _ => "Repeat the command later.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_does_not_answer_may_lack_a_role() {
        let advice = on(&StoreUnavailable::TimedOut.into());
        assert!(advice.contains("roles/datastore.user"), "{advice}");
        let unreadable = StoreUnavailable::Undecodable {
            collection: "accounts",
            field: "approval",
        };
        let advice = on(&unreadable.into());
        assert!(!advice.contains("role"), "{advice}");
    }

    #[test]
    fn the_doctor_is_named_only_for_what_it_looks_in() {
        let advice = |collection| {
            let field = "account";
            on(&StoreUnavailable::Undecodable { collection, field }.into())
        };
        for collection in DOCTOR_LOOKS_IN {
            assert!(
                advice(collection).contains("operator doctor"),
                "{collection}"
            );
        }
        for collection in ["links", "gates", "usage", "deployment"] {
            assert!(!advice(collection).contains("doctor"), "{collection}");
            assert!(advice(collection).contains("Firestore console"));
        }
    }
}
