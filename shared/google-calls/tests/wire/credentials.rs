use std::time::Duration;

use google_calls::{Credentials, CredentialsUnavailable};
use google_cloud_auth::credentials::CacheableResource;
use http::{Extensions, header::AUTHORIZATION};
use marketplace::Deadline;

use crate::fake::{Fake, FakeAnswer, METADATA, TOKEN, soon};

#[tokio::test]
async fn many_callers_share_one_token() {
    let fake = Fake::start().await;
    let credentials = Credentials::new(&fake.origin());
    assert_eq!(fake.calls(METADATA), Vec::<String>::new());

    let calls: Vec<_> = (0..8)
        .map(|_| {
            let credentials = credentials.clone();
            tokio::spawn(async move { credentials.authorization(soon()).await.unwrap() })
        })
        .collect();
    for call in calls {
        let value = call.await.unwrap();
        assert_eq!(value, format!("Bearer {TOKEN}"));
        assert!(value.is_sensitive());
    }

    assert_eq!(
        fake.calls(METADATA),
        [
            "GET /computeMetadata/v1/instance/service-accounts/default/token\
          ?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform"
        ]
    );
    let request = &fake.received(METADATA)[0];
    assert_eq!(request.headers["metadata-flavor"], "Google");
}

#[tokio::test]
async fn the_token_is_not_shown() {
    let fake = Fake::start().await;
    let credentials = Credentials::new(&fake.origin());
    let value = credentials.authorization(soon()).await.unwrap();
    let headers = credentials.headers(soon()).await.unwrap();
    let official = credentials.official();
    let shown = format!("{credentials:?} {value:?} {headers:?} {official:?}");
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    for failure in [
        FakeAnswer::json(503, "later"),
        FakeAnswer::json(404, "no service account"),
        FakeAnswer::json(200, "<html>"),
        FakeAnswer::Close,
    ] {
        let fake = Fake::start().await;
        fake.then(METADATA, failure.clone());
        let credentials = Credentials::new(&fake.origin());

        let error = credentials.authorization(soon()).await.unwrap_err();
        assert!(
            matches!(error, CredentialsUnavailable::Fetch(_)),
            "{failure:?}: {error:?}"
        );

        let value = credentials.authorization(soon()).await.unwrap();
        assert_eq!(value, format!("Bearer {TOKEN}"), "{failure:?}");
    }
}

#[tokio::test]
async fn a_hanging_metadata_server_is_left_at_the_deadline() {
    let fake = Fake::start().await;
    fake.then(METADATA, FakeAnswer::Hang);
    let credentials = Credentials::new(&fake.origin());
    let deadline = Deadline::after(Duration::from_millis(100));
    let error = credentials.authorization(deadline).await.unwrap_err();
    assert!(
        matches!(error, CredentialsUnavailable::TimedOut),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_passed_deadline_fetches_nothing() {
    let fake = Fake::start().await;
    let credentials = Credentials::new(&fake.origin());
    let passed = Deadline::after(Duration::ZERO);
    let error = credentials.authorization(passed).await.unwrap_err();
    assert!(
        matches!(error, CredentialsUnavailable::TimedOut),
        "{error:?}"
    );
    assert_eq!(fake.calls(METADATA), Vec::<String>::new());
}

#[tokio::test]
async fn official_clients_get_the_same_token() {
    let fake = Fake::start().await;
    fake.then(METADATA, FakeAnswer::json(404, "not yet"));
    let credentials = Credentials::new(&fake.origin());
    let official = credentials.official();

    official.headers(Extensions::new()).await.unwrap_err();
    let CacheableResource::New { data, entity_tag } =
        official.headers(Extensions::new()).await.unwrap()
    else {
        panic!("nothing was cached");
    };
    assert_eq!(data[AUTHORIZATION], format!("Bearer {TOKEN}"));

    let mut known = Extensions::new();
    known.insert(entity_tag);
    let again = official.headers(known).await.unwrap();
    assert_eq!(again, CacheableResource::NotModified);
    assert_eq!(
        official.universe_domain().await.as_deref(),
        Some("googleapis.com")
    );
    assert_eq!(fake.calls(METADATA).len(), 2);
}
