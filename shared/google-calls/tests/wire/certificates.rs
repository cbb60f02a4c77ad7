use std::{env, process::Command};

use google_calls::{Credentials, CredentialsUnavailable, Http, HttpUnavailable};

use crate::fake::{Fake, soon};

const MISSING: &str = "there are no CA certificates";

/// Holds with CA certificates and without; the test below runs it without.
#[tokio::test]
async fn client_and_credentials_agree_on_the_certificates() {
    let fake = Fake::start().await;
    let client = Http::new().client().await;
    let token = Credentials::new(&fake.origin()).authorization(soon()).await;
    match (client, token) {
        (Ok(_), Ok(_)) => {}
        (
            Err(HttpUnavailable::Configuration(_)),
            Err(CredentialsUnavailable::Interrupted(_) | CredentialsUnavailable::Fetch(_)),
        ) => println!("{MISSING}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn missing_certificates_are_an_error_and_not_a_panic() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("certificates::client_and_credentials_agree_on_the_certificates")
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(said.contains(MISSING), "{said}");
}
