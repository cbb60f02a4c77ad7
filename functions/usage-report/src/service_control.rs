//! Google's Service Control API: what is asked, and what the answers mean for us.

use std::sync::Arc;
use std::time::Duration;

use google_calls::{Credentials, OfficialClient};
use google_cloud_api_servicecontrol_v1::client::ServiceController;
use google_cloud_api_servicecontrol_v1::model::{
    CheckError as GoogleError, MetricValue, MetricValueSet, Operation,
};
use google_cloud_gax::error::Error as CallError;
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::NeverRetry;
use google_cloud_wkt::Timestamp as WireTime;
use jiff::Timestamp;
use marketplace::{Deadline, GoogleOrigin};
use metering::{CheckError, Quantity, Verdict};
use store::UsageReport;
use tokio::time::timeout;

const HOST: &str = "servicecontrol.googleapis.com";

/// `operationName`: any text, reserved by Google for future use.
const OPERATION: &str = "usage";

/// How long one call may take. Reporting goes on elsewhere rather than wait for Google.
const PATIENCE: Duration = Duration::from_secs(3);

/// The longest text of Google's that is kept, in characters.
const REASON: usize = 500;

/// Checks and reports the usage of one service.
#[derive(Clone)]
pub(crate) struct ServiceControl {
    service: Arc<str>,
    client: OfficialClient<ServiceController>,
}

/// What Google says about a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Checked {
    /// Nothing speaks against serving.
    Serve,
    /// The customer cannot be billed, for this reason.
    Stop(String),
    /// Something is wrong with our set-up.
    SetUp(String),
    /// Google could not say.
    Unknown(String),
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) verdict: Verdict,
    /// Google's reason, if it was not counted.
    pub(crate) reason: Option<String>,
}

impl ServiceControl {
    /// A client that has not called anybody yet.
    pub(crate) fn new(origin: &GoogleOrigin, service: String, credentials: Credentials) -> Self {
        Self {
            service: service.into(),
            client: OfficialClient::new(origin, HOST, credentials),
        }
    }

    /// Asks whether the consumer may be served, in the name of an operation in this window.
    pub(crate) async fn check(
        &self,
        (id, consumer): (&str, &str),
        (start, end): (Timestamp, Timestamp),
        deadline: Deadline,
    ) -> Checked {
        let operation = operation(id, consumer, start, end);
        let call = async {
            let request = self.client().await?.check();
            let request = request
                .set_service_name(&*self.service)
                .set_operation(operation)
                .with_retry_policy(NeverRetry);
            Ok(request.send().await?)
        };
        match within(call, deadline).await {
            Ok(answer) => checked(&answer.check_errors),
            Err(Failure {
                status: Some(status),
                reason,
            }) if Verdict::of_status(status) == Verdict::Refused => Checked::SetUp(reason),
            Err(failure) => Checked::Unknown(failure.reason),
        }
    }

    /// Reports one row of the ledger: one operation, one call.
    pub(crate) async fn report(
        &self,
        row: &UsageReport,
        (consumer, value): (&str, Quantity),
        deadline: Deadline,
    ) -> Sent {
        let operation = operation(&row.id, consumer, row.start, row.end)
            .set_metric_value_sets([MetricValueSet::new()
                .set_metric_name(row.metric.in_service(&self.service))
                .set_metric_values([metric_value(value)])])
            .set_user_labels(row.labels.clone());
        let call = async {
            let request = self.client().await?.report();
            let request = request
                .set_service_name(&*self.service)
                .set_operations([operation])
                .with_retry_policy(NeverRetry);
            Ok(request.send().await?)
        };
        match within(call, deadline).await {
            // There is one operation, so whatever is said is said of it.
            Ok(answer) => match answer.report_errors.first() {
                None => Sent {
                    verdict: Verdict::Reported,
                    reason: None,
                },
                Some(error) => {
                    // Google's UNKNOWN, where it does not say.
                    let code = error.status.as_ref().map_or(2, |status| status.code);
                    let message = error.status.as_ref().map(|it| it.message.as_str());
                    Sent {
                        verdict: Verdict::of_report_error(code),
                        reason: Some(bounded(&format!("{code}: {}", message.unwrap_or_default()))),
                    }
                }
            },
            Err(Failure { status, reason }) => Sent {
                verdict: status.map_or(Verdict::Unknown, Verdict::of_status),
                reason: Some(reason),
            },
        }
    }

    async fn client(&self) -> Result<&ServiceController, Failure> {
        let client = self.client.get(async |credentials, endpoint| {
            let builder = ServiceController::builder().with_credentials(credentials);
            let built = builder.with_endpoint(endpoint).build().await;
            built.map_err(|error| Failure {
                status: None,
                reason: bounded(&format!("build the client: {error}")),
            })
        });
        client.await
    }
}

/// A call that has no answer we can use.
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
            (None, _) => "no answer that can be understood".to_owned(),
        };
        Self {
            // An answer of 200 that cannot be read says nothing.
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

fn operation(id: &str, consumer: &str, start: Timestamp, end: Timestamp) -> Operation {
    Operation::new()
        .set_operation_id(id)
        .set_operation_name(OPERATION)
        .set_consumer_id(consumer)
        .set_start_time(wire_time(start))
        .set_end_time(wire_time(end))
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

/// The gravest of what was said.
fn checked(errors: &[GoogleError]) -> Checked {
    let named = errors.iter().map(|error| {
        let code = error.code.name().unwrap_or("a code that is not known");
        (CheckError::of(code), bounded(code))
    });
    let mut gravest = Checked::Serve;
    for (meaning, code) in named {
        gravest = match (meaning, gravest) {
            (CheckError::StopServing, _) => return Checked::Stop(code),
            (CheckError::SetUp, _) => Checked::SetUp(code),
            (CheckError::GoogleDown, Checked::Serve) => Checked::Unknown(code),
            (CheckError::GoogleDown, graver) => graver,
        };
    }
    gravest
}

fn bounded(text: &str) -> String {
    text.chars().take(REASON).collect()
}

#[cfg(test)]
mod tests {
    use google_cloud_api_servicecontrol_v1::model::check_error::Code;

    use super::*;

    #[test]
    fn the_gravest_of_several_errors_counts() {
        let error = |code: Code| GoogleError::new().set_code(code);
        let (down, wrong, stop) = (
            error(Code::ServiceStatusUnavailable),
            error(Code::PermissionDenied),
            error(Code::BillingDisabled),
        );
        assert_eq!(checked(&[]), Checked::Serve);
        let unknown = Checked::Unknown("SERVICE_STATUS_UNAVAILABLE".to_owned());
        assert_eq!(checked(std::slice::from_ref(&down)), unknown);
        let set_up = Checked::SetUp("PERMISSION_DENIED".to_owned());
        assert_eq!(
            checked(&[down.clone(), wrong.clone(), down.clone()]),
            set_up
        );
        let stopped = Checked::Stop("BILLING_DISABLED".to_owned());
        assert_eq!(checked(&[wrong, stop, down]), stopped);
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
