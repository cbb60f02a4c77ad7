//! What is in the vendor's own project is what a test says of it.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use marketplace_simulator::{Fault, Matcher, hosts};
use serde_json::json;

use crate::caller::{Caller, answer, check_refused, good, refusal};

const SERVICE: &str = "run.googleapis.com/v2/projects/p/locations/r/services/s";

#[tokio::test]
async fn an_address_answers_what_was_said() {
    let caller = Caller::start().await;
    let get = || caller.request("GET", &format!("/{SERVICE}"));
    check_refused(get(), 404, "NOT_FOUND").await;
    let service = json!({ "invokerIamDisabled": true });
    caller.sim.put_cloud_resource(SERVICE, service.clone());
    assert_eq!(good(get()).await, service);
    assert_eq!(caller.sim.cloud_resource(SERVICE), Some(service));
    caller.sim.remove_cloud_resource(SERVICE);
    assert_eq!(refusal(get()).await.0, 404);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn it_answers_only_what_google_documents_and_only_with_credentials() {
    let caller = Caller::start().await;
    caller.sim.put_cloud_resource(SERVICE, json!({}));
    let plain = caller.plain(&format!("/{SERVICE}")).await;
    assert_eq!(plain.status().as_u16(), 401);
    let unknown = caller.request("GET", &format!("/{SERVICE}?readMask=name"));
    check_refused(unknown, 400, "INVALID_ARGUMENT").await;
    let unknown = caller.request("DELETE", &format!("/{SERVICE}"));
    check_refused(unknown, 404, "NOT_FOUND").await;
    assert_eq!(caller.sim.violations().len(), 2);
}

#[tokio::test]
async fn reads_by_post_are_answered_like_any_other() {
    let caller = Caller::start().await;
    let log = format!("{}/v2/entries:list", hosts::LOGGING);
    let body = json!({ "resourceNames": ["projects/p"] });
    let ask = || caller.post_to(&format!("/{log}"), &body);
    assert_eq!(refusal(ask()).await.0, 404);
    let entries = json!({ "entries": [] });
    caller.sim.put_cloud_resource(&log, entries.clone());
    assert_eq!(good(ask()).await, entries);
    // Every service account has a policy, if only an empty one.
    let account = format!("/{}/v1/projects/p/serviceAccounts/a@p", hosts::IAM);
    let policy = format!("{account}:getIamPolicy");
    let policy = good(caller.request("POST", &policy)).await;
    assert_eq!(policy.get("bindings"), None);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_api_whose_paths_have_a_beginning_in_common_is_found_below_it_alone() {
    let caller = Caller::start().await;
    let project = format!("{}/compute/v1/projects/p", hosts::COMPUTE);
    let quotas = json!({ "quotas": [] });
    caller.sim.put_cloud_resource(&project, quotas.clone());
    let get = caller.request("GET", &format!("/{project}?fields=quotas"));
    assert_eq!(good(get).await, quotas);
    assert_eq!(caller.sim.violations(), Vec::<String>::new());
    for elsewhere in ["projects/p", "compute/projects/p", "compute/v2/projects/p"] {
        let path = format!("/{}/{elsewhere}", hosts::COMPUTE);
        check_refused(caller.request("GET", &path), 404, "NOT_FOUND").await;
    }
}

#[tokio::test]
async fn google_s_clock_can_be_another() {
    let caller = Caller::start().await;
    for seconds in [0, 3_600, -3_600] {
        let ahead = SignedDuration::from_secs(seconds);
        caller.sim.set_clock_ahead(ahead);
        let response = caller.plain("/www.googleapis.com/oauth2/v1/certs").await;
        let dates: Vec<_> = response.headers().get_all("date").iter().collect();
        let [date] = dates.as_slice() else {
            panic!("one date: {dates:?}");
        };
        let date = DateTimeParser::new().parse_timestamp(date.to_str().unwrap());
        let off = date.unwrap().duration_since(Timestamp::now() + ahead);
        assert!(off.abs() < SignedDuration::from_secs(10), "{off:?}");
    }
}

#[tokio::test]
async fn a_refusal_says_why() {
    let caller = Caller::start().await;
    let text = "API has not been used in project 1 before or it is disabled.";
    let faults = caller.sim.faults();
    faults.always(Matcher::procurement(), Fault::refused(text));
    let (status, body) = answer(caller.get("/accounts")).await;
    assert_eq!((status, &body["error"]["message"]), (403, &json!(text)));
    assert_eq!(body["error"]["status"], "PERMISSION_DENIED");
}
