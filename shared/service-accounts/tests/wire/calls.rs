//! What the calls do.

use http::Method;
use marketplace::ServiceAccountEmail;
use marketplace_simulator::{Fault, Matcher, Settings};
use service_accounts::{ServiceAccount, ServiceAccountError, ServiceAccountName};

use crate::simulated::{PROJECT, Simulated, soon, wanted};

#[tokio::test]
async fn an_account_is_created_and_found_by_its_address_and_its_unique_id() {
    let google = Simulated::start(Settings::default()).await;
    let made = google.create(&wanted("customer-1"), soon()).await.unwrap();
    let simulated = google.simulator.service_account(&made.unique_id).unwrap();
    assert_eq!(
        made,
        ServiceAccount {
            email: ServiceAccountEmail::of("customer-1", PROJECT).unwrap(),
            unique_id: simulated.unique_id,
            description: "Whose it is".to_owned(),
            is_disabled: false,
        }
    );
    assert_eq!(simulated.display_name, "Customer");
    for name in [
        ServiceAccountName::by_email(&made.email),
        ServiceAccountName::by_unique_id(made.email.as_str(), &made.unique_id),
    ] {
        assert_eq!(google.find(&name, soon()).await.unwrap(), made);
    }
    let again = google.create(&wanted("customer-1"), soon()).await;
    assert!(
        matches!(again, Err(ServiceAccountError::AlreadyExists)),
        "{again:?}"
    );
}

#[tokio::test]
async fn an_account_is_disabled_and_enabled_any_number_of_times() {
    let google = Simulated::start(Settings::default()).await;
    let made = google.create(&wanted("customer-1"), soon()).await.unwrap();
    let name = ServiceAccountName::by_unique_id(made.email.as_str(), &made.unique_id);
    for is_disabled in [true, true, false, false] {
        if is_disabled {
            google.disable(&name, soon()).await.unwrap();
        } else {
            google.enable(&name, soon()).await.unwrap();
        }
        let found = google.find(&name, soon()).await.unwrap();
        assert_eq!(found.is_disabled, is_disabled);
    }
}

#[tokio::test]
async fn an_account_that_is_gone_is_not_found_and_needs_no_disabling() {
    let google = Simulated::start(Settings::default()).await;
    let email = ServiceAccountEmail::of("customer-1", PROJECT).unwrap();
    let name = ServiceAccountName::by_email(&email);
    let found = google.find(&name, soon()).await;
    assert!(
        matches!(found, Err(ServiceAccountError::NotFound)),
        "{found:?}"
    );
    let enabled = google.enable(&name, soon()).await;
    assert!(
        matches!(enabled, Err(ServiceAccountError::NotFound)),
        "{enabled:?}"
    );
    google.disable(&name, soon()).await.unwrap();
}

#[tokio::test]
async fn a_later_account_under_the_same_address_is_another_one() {
    let google = Simulated::start(Settings::default()).await;
    let first = google.create(&wanted("customer-1"), soon()).await.unwrap();
    let name = ServiceAccountName::by_unique_id(first.email.as_str(), &first.unique_id);
    google
        .simulator
        .faults()
        .next(Matcher::any(), Fault::status(503));
    google.find(&name, soon()).await.unwrap();
    delete(&google, &first.unique_id).await;
    let second = google.create(&wanted("customer-1"), soon()).await.unwrap();
    assert_ne!(first.unique_id, second.unique_id);
    let found = google.find(&name, soon()).await;
    assert!(
        matches!(found, Err(ServiceAccountError::NotFound)),
        "{found:?}"
    );
    google.disable(&name, soon()).await.unwrap();
    let name = ServiceAccountName::by_email(&second.email);
    assert_eq!(google.find(&name, soon()).await.unwrap(), second);
}

/// As an operator does.
async fn delete(google: &Simulated, id: &str) {
    let client = google_calls::Http::new().client().await.unwrap();
    let path = format!("iam.googleapis.com/v1/projects/{PROJECT}/serviceAccounts/{id}");
    let url = format!("{}/{path}", google.simulator.origin());
    let authorization = google.simulator.authorization();
    let call = client.request(Method::DELETE, url);
    let answer = call.header("authorization", authorization).send().await;
    assert_eq!(answer.unwrap().status().as_u16(), 200);
}
