//! What goes wrong, and what an operator reads.

use std::time::Duration;

use marketplace::{Deadline, ServiceAccountEmail};
use marketplace_simulator::{Fault, Matcher, Settings};
use service_accounts::{Permission, ServiceAccountError as Error, ServiceAccountName};

use crate::simulated::{PROJECT, Simulated, soon, wanted};

#[tokio::test]
async fn a_missing_permission_is_named_with_its_project() {
    let google = Simulated::start(Settings::default()).await;
    google
        .simulator
        .faults()
        .always(Matcher::iam(), Fault::status(403));
    let email = ServiceAccountEmail::of("customer-1", PROJECT).unwrap();
    let name = ServiceAccountName::by_email(&email);
    let refusals = [
        google.create(&wanted("customer-1"), soon()).await.map(drop),
        google.find(&name, soon()).await.map(drop),
        google.enable(&name, soon()).await,
        google.disable(&name, soon()).await,
    ];
    let said: Vec<_> = refusals.map(|it| it.unwrap_err().to_string()).into();
    let expected = ["create", "get", "enable", "disable"].map(|verb| {
        format!(
            "the IAM API denied access: iam.serviceAccounts.{verb} is missing on the project vendor-customers"
        )
    });
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_full_project_is_not_an_outage() {
    let settings = Settings {
        service_account_quota: 1,
        ..Settings::default()
    };
    let google = Simulated::start(settings).await;
    google.create(&wanted("customer-1"), soon()).await.unwrap();
    let refused = google.create(&wanted("customer-2"), soon()).await;
    assert!(
        matches!(&refused, Err(Error::Exhausted { project, .. }) if project == PROJECT),
        "{refused:?}"
    );
}

#[tokio::test]
async fn trouble_at_google_is_an_outage() {
    let google = Simulated::start(Settings::default()).await;
    let faults = google.simulator.faults();
    for fault in [
        Fault::status(400),
        Fault::status(500),
        Fault::garbage(),
        Fault::cut(),
    ] {
        faults.always(Matcher::iam(), fault);
        let made = google.create(&wanted("customer-1"), soon()).await;
        assert!(matches!(made, Err(Error::Unavailable(_))), "{made:?}");
        faults.clear();
    }
    let email = ServiceAccountEmail::of("customer-1", PROJECT).unwrap();
    faults.always(Matcher::iam(), Fault::status(429));
    let found = google
        .find(&ServiceAccountName::by_email(&email), soon())
        .await;
    assert!(matches!(found, Err(Error::Unavailable(_))), "{found:?}");
    faults.clear();
    faults.always(Matcher::iam(), Fault::hang());
    let short = Deadline::after(Duration::from_millis(300));
    let made = google.create(&wanted("customer-1"), short).await;
    assert!(
        matches!(made, Err(Error::TimedOut | Error::Unavailable(_))),
        "{made:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_access_token() {
    let google = Simulated::start(Settings::default()).await;
    let faults = google.simulator.faults();
    faults.next(Matcher::iam(), Fault::redirect());
    let made = google.create(&wanted("customer-1"), soon()).await;
    assert!(matches!(made, Err(Error::Unavailable(_))), "{made:?}");
    assert_eq!(google.simulator.calls().count(&Matcher::iam()), 1);
}

#[tokio::test]
async fn a_passing_outage_is_waited_for() {
    let google = Simulated::start(Settings::default()).await;
    google
        .simulator
        .faults()
        .next(Matcher::iam(), Fault::status(503));
    google.create(&wanted("customer-1"), soon()).await.unwrap();
    // The answer is lost on its way: what was made is distinguished from what was there before by whose it is.
    let lost = Fault::status(503).after_effect();
    google.simulator.faults().next(Matcher::iam(), lost);
    let made = google.create(&wanted("customer-2"), soon()).await;
    assert!(matches!(made, Err(Error::AlreadyExists)), "{made:?}");
}

#[test]
fn permissions_have_their_names_at_iam() {
    let all = [
        Permission::Create,
        Permission::Get,
        Permission::Enable,
        Permission::Disable,
    ];
    assert!(
        all.iter()
            .all(|it| it.as_str().starts_with("iam.serviceAccounts."))
    );
}
