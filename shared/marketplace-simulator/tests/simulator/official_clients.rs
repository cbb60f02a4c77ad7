//! Google's own crates take the simulator for Google.

use google_cloud_auth::credentials::mds;
use google_cloud_iam_credentials_v1::client::IAMCredentials;

use crate::caller::Caller;

#[tokio::test]
async fn the_official_crates_get_a_token_and_a_signature() {
    let caller = Caller::start().await;
    let origin = caller.sim.origin();
    let credentials = mds::Builder::default()
        .with_endpoint(format!("{origin}/metadata.google.internal"))
        .build()
        .unwrap();
    let client = IAMCredentials::builder()
        .with_endpoint(format!("{origin}/iamcredentials.googleapis.com"))
        .with_credentials(credentials)
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
