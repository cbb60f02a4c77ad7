//! Service Control: `check` and `report`. Source: discovery document of `servicecontrol` v1.

mod check_code;
mod parsing;
mod rules;

use serde_json::{Value, json};

use super::ApiResult;
use super::json::{object, text};
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::service_control::{CheckedOperation, UsageOperation};
use crate::simulated_google::SimulatedGoogle;

use rules::{Refusal, Rules};

/// 1 MB, as the discovery document says. It means the wire format; the JSON text is larger than that.
const MAX_REQUEST: usize = 1024 * 1024;
const CONFIG: &str = "2026-01-21r0";
const ROLLOUT: &str = "2026-01-21r0";

pub(super) fn perform(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    let service = operation.variable(0);
    let products = &google.settings.products;
    let Some(product) = products.iter().find(|it| it.id.as_str() == service) else {
        return Err(GoogleError::permission_denied());
    };
    let rules = Rules {
        product,
        settings: google.settings.usage,
    };
    let method = operation.id.trim_start_matches("servicecontrol.services.");
    let performed = match method {
        _ if operation.body.to_string().len() > MAX_REQUEST => {
            Err("Request payload size exceeds the limit: 1048576 bytes.".to_owned())
        }
        "check" => check(google, operation, &rules),
        "report" => report(google, operation, &rules),
        _ => return Err(GoogleError::unimplemented()),
    };
    performed.map_err(|message| {
        record_violation(google, service, method, &message);
        GoogleError::invalid_argument(message)
    })
}

fn check(
    google: &SimulatedGoogle,
    operation: &Operation,
    rules: &Rules<'_>,
) -> Result<HostAnswer, String> {
    let sent = operation.body.get("operation");
    let (operation_id, consumer_id) = parsing::checked(sent.unwrap_or(&Value::Null))?;
    let standing = google.read(|state| rules.standing(state, &consumer_id));
    let errors = match standing {
        Ok(None) => google
            .service_control()
            .planned_errors
            .check_errors(&consumer_id),
        Ok(Some(code)) => vec![code.to_owned()],
        Err(message) => {
            record_violation(google, rules.product.id.as_str(), "check", &message);
            vec!["PROJECT_INVALID".to_owned()]
        }
    };
    let summary = match errors.as_slice() {
        [] => "the customer may be served".to_owned(),
        errors => errors.join(", "),
    };
    let as_number = operation
        .parameter("$alt")
        .is_some_and(|alt| alt.contains("enum-encoding=int"));
    let info = errors
        .is_empty()
        .then(|| check_info(&consumer_id, as_number));
    let found = errors.iter();
    let found = found.map(|code| check_code::error(code, &consumer_id, as_number));
    let body = object([
        ("operationId", text(&operation_id)),
        ("serviceConfigId", text(&CONFIG)),
        ("serviceRolloutId", text(&ROLLOUT)),
        ("checkInfo", info.unwrap_or_default()),
        ("checkErrors", found.collect()),
    ]);
    google.service_control().checked(CheckedOperation {
        operation_id,
        consumer_id,
        errors,
    });
    Ok(HostAnswer::json(&body, summary))
}

fn check_info(consumer_id: &str, as_number: bool) -> Value {
    let number = consumer_id.rsplit(':').next().unwrap_or_default();
    let kind = if as_number {
        json!(1)
    } else {
        json!("PROJECT")
    };
    json!({"consumerInfo": {"projectNumber": number, "consumerNumber": number, "type": kind}})
}

fn report(
    google: &SimulatedGoogle,
    operation: &Operation,
    rules: &Rules<'_>,
) -> Result<HostAnswer, String> {
    let service = rules.product.id.as_str();
    let operations = parsing::reported(service, &operation.body)?;
    let mut errors = Vec::new();
    let mut said = String::new();
    let count = operations.len();
    for operation in operations {
        let id = operation.operation_id.clone();
        if let Err(refusal) = take(google, rules, operation) {
            said = format!(": {}", refusal.message);
            errors.push(json!({"operationId": id, "status": refusal.status()}));
        }
    }
    let summary = match errors.len() {
        0 => format!("{count} counted"),
        failed => format!("{} counted, {failed} refused{said}", count - failed),
    };
    let body = object([
        ("serviceConfigId", text(&CONFIG)),
        ("serviceRolloutId", text(&ROLLOUT)),
        ("reportErrors", errors.into()),
    ]);
    Ok(HostAnswer::json(&body, summary))
}

/// Takes one operation; each is counted or refused by itself.
fn take(
    google: &SimulatedGoogle,
    rules: &Rules<'_>,
    operation: UsageOperation,
) -> Result<(), Refusal> {
    let judged = google.read(|state| rules.judge(state, &operation));
    let mut control = google.service_control();
    let judged = judged.and_then(|consumer| {
        let is_new = !control.has_counted(&operation);
        let asked = is_new.then(|| control.planned_errors.take_refusal(&operation.consumer_id));
        match asked.flatten() {
            Some(code) => Err(Refusal::asked_for(code)),
            None => Ok(consumer),
        }
    });
    let mut wrong = rules.not_of_its_plans(judged.as_ref().ok(), &operation);
    let outcome = match judged {
        Ok(consumer) => {
            let repeats = rules.settings.repeats;
            wrong.extend(control.take(operation, &consumer, repeats));
            Ok(())
        }
        Err(refusal) => {
            wrong.extend(refusal.violation());
            control.refuse(operation, refusal.code, &refusal.message);
            Err(refusal)
        }
    };
    // The violations have a lock of their own, and reading them takes this one.
    drop(control);
    for message in wrong {
        record_violation(google, rules.product.id.as_str(), "report", &message);
    }
    outcome
}

fn record_violation(google: &SimulatedGoogle, service: &str, method: &str, message: &str) {
    let host = hosts::SERVICE_CONTROL;
    google.record_violation(format!(
        "POST {host}/v1/services/{service}:{method}: {message}"
    ));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::discovery::check_answer;
    use crate::marketplace_state::Buyer;
    use crate::settings::Settings;

    const SERVICE: &str = "product.endpoints.example-partner.cloud.goog";

    /// Google with an active order of the usage plan, and its `usageReportingId`.
    fn google() -> (SimulatedGoogle, String) {
        let google = SimulatedGoogle::new(Settings::default(), "http://127.0.0.1");
        let (now, product) = (Timestamp::UNIX_EPOCH, google.settings.products[0].clone());
        let id = google.change(|state| {
            let plan = &product.plans[2].id;
            let order = state.purchase(Buyer::New, &product.id, plan, now).unwrap();
            let account = state.account_mut(order.account.as_str()).unwrap();
            account.approve(None, None, now).unwrap();
            let id = order.entitlement.as_str();
            state.approve_entitlement(id, now).unwrap();
            let bought = state.entitlement_mut(id).unwrap();
            bought.usage_reporting_id.clone()
        });
        (google, id.unwrap())
    }

    fn answered(google: &SimulatedGoogle, id: &'static str, body: Value) -> Value {
        let operation = Operation {
            id,
            template: String::new(),
            variables: vec![SERVICE.to_owned()],
            query: BTreeMap::new(),
            body,
        };
        let answer = perform(google, &operation).unwrap();
        let body = serde_json::from_str(&answer.body).unwrap();
        check_answer(hosts::SERVICE_CONTROL, id, &body).unwrap();
        body
    }

    #[test]
    fn answers_are_as_documented() {
        let (google, consumer) = google();
        let operation = json!({
            "operationId": "one",
            "consumerId": consumer,
            "startTime": "2026-01-21T00:00:00Z",
            "endTime": "2026-01-21T01:00:00Z",
        });
        let check = "servicecontrol.services.check";
        let report = "servicecontrol.services.report";
        let passed = answered(&google, check, json!({"operation": operation}));
        assert!(passed["checkInfo"].is_object());
        let counted = answered(&google, report, json!({"operations": [operation]}));
        assert_eq!(counted.get("reportErrors"), None);
        let nobody = json!({"operationId": "two", "startTime": "2026-01-21T00:00:00Z",
                            "endTime": "2026-01-21T01:00:00Z"});
        let failed = answered(&google, check, json!({"operation": nobody}));
        assert_eq!(failed["checkErrors"][0]["code"], "PROJECT_INVALID");
        let refused = answered(&google, report, json!({"operations": [nobody]}));
        assert_eq!(refused["reportErrors"][0]["status"]["code"], 5);
    }
}
