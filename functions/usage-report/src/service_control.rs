//! Calls to Google's Service Control API, and what the answers mean.

use std::sync::Arc;
use std::time::Duration;

use google_calls::{Credentials, OfficialClient};
use google_cloud_api_servicecontrol_v1::client::ServiceController;
use google_cloud_api_servicecontrol_v1::model::{
    CheckError as GoogleError, MetricValue, MetricValueSet, Operation,
};
use google_cloud_gax::client_builder::internal::with_follow_redirects;
use google_cloud_gax::error::Error as CallError;
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::NeverRetry;
use google_cloud_wkt::Timestamp as WireTime;
use jiff::Timestamp;
use marketplace::service_account_page::ServiceName;
use marketplace::{Deadline, GoogleOrigin, ProductId, log_text};
use metering::{CheckProblem, Quantity, ReportOutcome, Services, Window};
use store::UsageReport;
use tokio::time::timeout;

const HOST: &str = "servicecontrol.googleapis.com";

/// `operationName`: any text, reserved by Google for future use.
const OPERATION: &str = "usage";

/// How long one call may take. After that, other usage is reported first.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many characters of Google's texts are stored and logged.
const REASON: usize = 500;

/// Checks and reports usage, each product's at its own service.
#[derive(Clone)]
pub(crate) struct ServiceControl {
    services: Arc<Services>,
    client: OfficialClient<ServiceController>,
}

/// What Google says about serving a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CheckAnswer {
    Serve,
    /// The customer cannot be billed, for this reason.
    StopServing(String),
    /// Something is wrong with our set-up.
    SetUpWrong(String),
    Unknown(String),
}

/// What Google says about a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportAnswer {
    pub(crate) outcome: ReportOutcome,
    /// Google's reason, if the report was not counted.
    pub(crate) reason: Option<String>,
}

/// The operation that a call is about, without its values.
#[derive(Clone, Copy)]
pub(crate) struct OperationHead<'a> {
    pub(crate) id: &'a str,
    pub(crate) consumer: &'a str,
    pub(crate) window: Window,
}

impl<'a> OperationHead<'a> {
    /// The operation of a row; none if its consumer is not known yet.
    pub(crate) fn of(row: &'a UsageReport) -> Option<Self> {
        Some(Self {
            id: &row.id,
            consumer: row.consumer.as_deref()?,
            window: Window {
                start: row.start,
                end: row.end,
            },
        })
    }
}

impl ServiceControl {
    /// A client that has not called anybody yet.
    pub(crate) fn new(origin: &GoogleOrigin, services: Services, credentials: Credentials) -> Self {
        Self {
            services: Arc::new(services),
            client: OfficialClient::new(origin, HOST, credentials),
        }
    }

    /// The service of a product; none if `SERVICE_NAME` does not name one.
    pub(crate) fn service_of(&self, product: &ProductId) -> Option<&ServiceName> {
        self.services.of(product)
    }

    /// Asks whether the consumer of an operation may be served.
    pub(crate) async fn check(
        &self,
        service: &ServiceName,
        head: OperationHead<'_>,
        deadline: Deadline,
    ) -> CheckAnswer {
        let operation = operation(head);
        let call = async {
            let request = self.client().await?.check();
            let request = request
                .set_service_name(service.as_str())
                .set_operation(operation)
                .with_retry_policy(NeverRetry);
            Ok(request.send().await?)
        };
        match within(call, deadline).await {
            Ok(answer) => worst_of(&answer.check_errors),
            Err(Failure {
                status: Some(status),
                reason,
            }) if ReportOutcome::of_status(status) == ReportOutcome::Refused => {
                CheckAnswer::SetUpWrong(reason)
            }
            Err(failure) => CheckAnswer::Unknown(failure.reason),
        }
    }

    /// Reports one row of the ledger: one operation in one call.
    pub(crate) async fn report(
        &self,
        service: &ServiceName,
        row: &UsageReport,
        head: OperationHead<'_>,
        value: Quantity,
        deadline: Deadline,
    ) -> ReportAnswer {
        let operation = operation(head)
            .set_metric_value_sets([MetricValueSet::new()
                .set_metric_name(row.metric.in_service(service.as_str()))
                .set_metric_values([metric_value(value)])])
            .set_user_labels(row.labels.clone());
        let call = async {
            let request = self.client().await?.report();
            let request = request
                .set_service_name(service.as_str())
                .set_operations([operation])
                .with_retry_policy(NeverRetry);
            Ok(request.send().await?)
        };
        match within(call, deadline).await {
            // There is one operation, so every error is about it.
            Ok(answer) => match answer.report_errors.first() {
                None => ReportAnswer {
                    outcome: ReportOutcome::Reported,
                    reason: None,
                },
                Some(error) => {
                    // Google's UNKNOWN, where it does not say.
                    let code = error.status.as_ref().map_or(2, |status| status.code);
                    let message = error.status.as_ref().map(|it| it.message.as_str());
                    ReportAnswer {
                        outcome: ReportOutcome::of_report_error(code),
                        reason: Some(bounded(&format!("{code}: {}", message.unwrap_or_default()))),
                    }
                }
            },
            Err(Failure { status, reason }) => ReportAnswer {
                outcome: status.map_or(ReportOutcome::Unknown, ReportOutcome::of_status),
                reason: Some(reason),
            },
        }
    }

    async fn client(&self) -> Result<&ServiceController, Failure> {
        let client = self.client.get(async |credentials, endpoint| {
            // By themselves these clients follow redirects, and take the access token along.
            let builder = with_follow_redirects(ServiceController::builder(), false);
            let builder = builder.with_credentials(credentials);
            let built = builder.with_endpoint(endpoint).build().await;
            built.map_err(|error| Failure {
                status: None,
                reason: bounded(&format!("the client could not be built: {error}")),
            })
        });
        client.await
    }
}

/// A call without a usable answer.
struct Failure {
    /// The HTTP status, if there was an answer.
    status: Option<u16>,
    reason: String,
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        let status = error.http_status_code();
        let message = error.status().map(|status| status.message.as_str());
        let reason = match (status, message) {
            (Some(status), Some(message)) => format!("HTTP {status}: {message}"),
            (Some(status), None) => format!("HTTP {status}"),
            (None, _) => "no answer, or a malformed one".to_owned(),
        };
        Self {
            // A malformed answer of 200 does not say how the call ended.
            status: status.filter(|status| *status >= 300),
            reason: bounded(&reason),
        }
    }
}

async fn within<T>(
    call: impl Future<Output = Result<T, Failure>>,
    deadline: Deadline,
) -> Result<T, Failure> {
    let answer = timeout(deadline.at_most(PATIENCE).remaining(), call).await;
    answer.unwrap_or_else(|_| {
        Err(Failure {
            status: None,
            reason: "no answer in time".to_owned(),
        })
    })
}

fn operation(head: OperationHead<'_>) -> Operation {
    Operation::new()
        .set_operation_id(head.id)
        .set_operation_name(OPERATION)
        .set_consumer_id(head.consumer)
        .set_start_time(wire_time(head.window.start))
        .set_end_time(wire_time(head.window.end))
}

fn metric_value(value: Quantity) -> MetricValue {
    match value {
        Quantity::Int64(value) => MetricValue::new().set_int64_value(value),
        Quantity::Double(value) => MetricValue::new().set_double_value(value),
    }
}

fn wire_time(time: Timestamp) -> WireTime {
    WireTime::clamp(time.as_second(), time.subsec_nanosecond())
}

/// The worst of several errors.
fn worst_of(errors: &[GoogleError]) -> CheckAnswer {
    let named = errors.iter().map(|error| {
        let code = error.code.name().unwrap_or("a code that is not known");
        (CheckProblem::of(code), bounded(code))
    });
    let mut worst = CheckAnswer::Serve;
    for (meaning, code) in named {
        worst = match (meaning, worst) {
            (CheckProblem::StopServing, _) => return CheckAnswer::StopServing(code),
            (CheckProblem::SetUp, _) => CheckAnswer::SetUpWrong(code),
            (CheckProblem::GoogleDown, CheckAnswer::Serve) => CheckAnswer::Unknown(code),
            (CheckProblem::GoogleDown, earlier) => earlier,
        };
    }
    worst
}

fn bounded(text: &str) -> String {
    log_text(text, REASON)
}

#[cfg(test)]
mod tests {
    use google_cloud_api_servicecontrol_v1::model::check_error::Code;

    use super::*;

    #[test]
    fn the_worst_of_several_errors_counts() {
        let error = |code: Code| GoogleError::new().set_code(code);
        let (down, wrong, stop) = (
            error(Code::ServiceStatusUnavailable),
            error(Code::PermissionDenied),
            error(Code::BillingDisabled),
        );
        assert_eq!(worst_of(&[]), CheckAnswer::Serve);
        let unknown = CheckAnswer::Unknown("SERVICE_STATUS_UNAVAILABLE".to_owned());
        assert_eq!(worst_of(std::slice::from_ref(&down)), unknown);
        let set_up = CheckAnswer::SetUpWrong("PERMISSION_DENIED".to_owned());
        assert_eq!(
            worst_of(&[down.clone(), wrong.clone(), down.clone()]),
            set_up
        );
        let stopped = CheckAnswer::StopServing("BILLING_DISABLED".to_owned());
        assert_eq!(worst_of(&[wrong, stop, down]), stopped);
    }

    #[test]
    fn times_keep_their_microseconds() {
        let time: Timestamp = "2026-01-21T01:00:00.123456Z".parse().unwrap();
        let wire = wire_time(time);
        assert_eq!(
            (wire.seconds(), wire.nanos()),
            (time.as_second(), 123_456_000)
        );
    }
}
