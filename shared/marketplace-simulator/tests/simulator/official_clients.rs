//! Google's own crates take the simulator for Google.

use google_cloud_api_servicecontrol_v1::client::ServiceController;
use google_cloud_api_servicecontrol_v1::model::{
    MetricValue, MetricValueSet, Operation, check_error::Code,
};
use google_cloud_auth::credentials::{Credentials, mds};
use google_cloud_iam_credentials_v1::client::IAMCredentials;

use crate::caller::Caller;
use crate::metered::{Metered, QUERIES, SERVICE, hour};

fn credentials(origin: &str) -> Credentials {
    mds::Builder::default()
        .with_endpoint(format!("{origin}/metadata.google.internal"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_official_crates_get_a_token_and_a_signature() {
    let caller = Caller::start().await;
    let origin = caller.sim.origin();
    let client = IAMCredentials::builder()
        .with_endpoint(format!("{origin}/iamcredentials.googleapis.com"))
        .with_credentials(credentials(&origin))
        .build()
        .await
        .unwrap();
    let signed = client
        .sign_jwt()
        .set_name("projects/-/serviceAccounts/hand-off@example-project.iam.gserviceaccount.com")
        .set_payload(r#"{"sub":"a"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(signed.signed_jwt.split('.').count(), 3);
    assert_eq!(signed.key_id.len(), 40);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_official_crate_checks_and_reports_usage() {
    let metered = Metered::start().await;
    let origin = metered.sim().origin();
    let client = ServiceController::builder()
        .with_endpoint(format!("{origin}/servicecontrol.googleapis.com"))
        .with_credentials(credentials(&origin))
        .build()
        .await
        .unwrap();
    let time = |count| {
        let moment = hour(count);
        google_cloud_wkt::Timestamp::new(moment.as_second(), moment.subsec_nanosecond()).unwrap()
    };
    let value = MetricValue::new().set_int64_value(150_i64);
    let values = MetricValueSet::new()
        .set_metric_name(QUERIES)
        .set_metric_values([value]);
    let operation = Operation::new()
        .set_operation_id("one")
        .set_operation_name("hourly usage")
        .set_consumer_id(&metered.consumer)
        .set_start_time(time(0))
        .set_end_time(time(1))
        .set_metric_value_sets([values]);
    let check = || client.check().set_service_name(SERVICE);
    let free = check().set_operation(operation.clone()).send().await;
    assert_eq!(free.unwrap().check_errors, []);
    let report = || client.report().set_service_name(SERVICE);
    let counted = report().set_operations([operation.clone()]).send().await;
    assert_eq!(counted.unwrap().report_errors, []);
    assert_eq!(metered.billed(), 150);

    let sim = metered.sim();
    sim.fail_checks(&metered.consumer, &["BILLING_DISABLED"]);
    let stopped = check().set_operation(operation.clone()).send().await;
    let codes = stopped.unwrap().check_errors.into_iter().map(|it| it.code);
    assert_eq!(codes.collect::<Vec<_>>(), [Code::BillingDisabled]);
    sim.refuse_reports(&metered.consumer, 1, 7);
    let again = operation.set_operation_id("two").set_start_time(time(1));
    let again = again.set_end_time(time(2));
    let refused = report().set_operations([again]).send().await.unwrap();
    let status = refused.report_errors[0].status.clone().unwrap();
    assert_eq!((status.code, metered.billed()), (7, 150));
    assert_eq!(metered.sim().violations(), Vec::<String>::new());
}
