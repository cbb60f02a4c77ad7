//! The signature of a hand-off, by the IAM Credentials API: no private key exists in a deployment.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use google_calls::{Credentials, OfficialClient};
use google_cloud_gax::client_builder::internal::with_follow_redirects;
use google_cloud_gax::options::RequestOptionsBuilder as _;
use google_cloud_gax::retry_policy::{Aip194Strict, RetryPolicyExt as _};
use google_cloud_iam_credentials_v1::client::IAMCredentials;
use marketplace::{Deadline, GoogleOrigin};
use serde_json::{Map, Value};

const HOST: &str = "iamcredentials.googleapis.com";

/// Signs hand-offs as one service account that has no other use.
#[derive(Debug)]
pub struct HandOffSigner {
    service_account: String,
    client: OfficialClient<IAMCredentials>,
}

/// The hand-off could not be signed. Nothing is wrong with the customer.
#[derive(Debug, thiserror::Error)]
pub enum HandOffError {
    /// The claims could not be written.
    #[error("the claims were not written")]
    Claims(#[from] serde_json::Error),
    /// The client could not be built.
    #[error("the client of the IAM Credentials API was not built")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The API refused or did not answer.
    #[error("the IAM Credentials API did not sign")]
    Call(#[source] Box<google_cloud_gax::error::Error>),
    /// What the API answered is not what it was asked to sign.
    #[error("the IAM Credentials API did not sign these claims, but something else")]
    OtherToken,
    /// The request's time is up.
    #[error("the IAM Credentials API did not answer in time")]
    Deadline,
}

impl HandOffSigner {
    /// A signer that has not called anybody yet.
    pub fn new(origin: &GoogleOrigin, service_account: String, credentials: Credentials) -> Self {
        Self {
            service_account,
            client: OfficialClient::new(origin, HOST, credentials),
        }
    }

    /// Signs these claims as an RS256 JWT.
    ///
    /// The application checks the signature. Here is checked that it is our token that is recorded and posted, not
    /// whatever came back: another customer's would sign this one in as them.
    pub async fn sign(&self, claims: &str, deadline: Deadline) -> Result<String, HandOffError> {
        let token = tokio::time::timeout(deadline.remaining(), self.call(claims, deadline))
            .await
            .map_err(|_| HandOffError::Deadline)??;
        if !is_token_of(&token, claims) {
            return Err(HandOffError::OtherToken);
        }
        Ok(token)
    }

    /// Builds the client ahead of the first customer; what fails is tried again when needed.
    pub async fn warm_up(&self) {
        if let Err(error) = self.client().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the signer of hand-offs is not ready"
            );
        }
    }

    async fn call(&self, claims: &str, deadline: Deadline) -> Result<String, HandOffError> {
        let answer = self
            .client()
            .await?
            .sign_jwt()
            .set_name(format!("projects/-/serviceAccounts/{}", self.service_account))
            .set_payload(claims)
            // Signing again only makes another signature of the same claims.
            .with_idempotency(true)
            .with_retry_policy(
                Aip194Strict.with_attempt_limit(3).with_time_limit(deadline.remaining()),
            )
            .send()
            .await
            .map_err(|error| HandOffError::Call(Box::new(error)))?;
        Ok(answer.signed_jwt)
    }

    async fn client(&self) -> Result<&IAMCredentials, HandOffError> {
        self.client
            .get(async |credentials, endpoint| {
                // By themselves these clients follow redirects, and take the access token along.
                with_follow_redirects(IAMCredentials::builder(), false)
                    .with_credentials(credentials)
                    .with_endpoint(endpoint)
                    .build()
                    .await
                    .map_err(|error| HandOffError::Client(error.into()))
            })
            .await
    }
}

/// Whether a token is an RS256 JWT of exactly these claims, however they are laid out.
fn is_token_of(token: &str, claims: &str) -> bool {
    let parts: Vec<_> = token.split('.').collect();
    let &[header, payload, signature] = parts.as_slice() else {
        return false;
    };
    let is_rs256 = |header: Members| header.get("alg").and_then(Value::as_str) == Some("RS256");
    let is_signed = |signature: Vec<u8>| !signature.is_empty();
    let asked: Option<Members> = serde_json::from_str(claims).ok();
    object(header).is_some_and(is_rs256)
        && asked.is_some()
        && object(payload) == asked
        && URL_SAFE_NO_PAD.decode(signature).is_ok_and(is_signed)
}

type Members = Map<String, Value>;

fn object(part: &str) -> Option<Members> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: &str = r#"{"sub":"A","google":{"roles":["account_admin"],"orders":["O"]}}"#;
    const HEADER: &str = r#"{"alg":"RS256","kid":"k","typ":"JWT"}"#;

    fn token(header: &str, payload: &str) -> String {
        let [header, payload] = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
        format!("{header}.{payload}.c2ln")
    }

    #[test]
    fn our_claims_in_any_layout_are_ours() {
        assert!(is_token_of(&token(HEADER, CLAIMS), CLAIMS));
        let laid_out =
            r#"{ "google": {"orders": ["O"], "roles": ["account_admin"]}, "sub": "\u0041" }"#;
        assert!(is_token_of(&token(HEADER, laid_out), CLAIMS));
    }

    #[test]
    fn other_claims_are_not_ours() {
        for payload in [
            "",
            "{}",
            "[]",
            "A",
            r#"{"sub":"A"}"#,
            r#"{"sub":"B","google":{"roles":["account_admin"],"orders":["O"]}}"#,
            r#"{"sub":"A","google":{"roles":["account_admin"],"orders":["O","P"]}}"#,
            r#"{"sub":"A","google":{"roles":["account_admin"],"orders":["O"]},"exp":1}"#,
        ] {
            assert!(!is_token_of(&token(HEADER, payload), CLAIMS), "{payload}");
        }
    }

    #[test]
    fn another_algorithm_is_not_ours() {
        for header in [
            "",
            "{}",
            r#"["RS256"]"#,
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256","kid":"k"}"#,
            r#"{"alg":"rs256"}"#,
            r#"{"alg":["RS256"]}"#,
        ] {
            assert!(!is_token_of(&token(header, CLAIMS), CLAIMS), "{header}");
        }
    }

    #[test]
    fn what_has_not_three_parts_is_no_token() {
        let ours = token(HEADER, CLAIMS);
        let (unsigned, _) = ours.rsplit_once('.').unwrap();
        for text in [
            String::new(),
            unsigned.to_owned(),
            format!("{unsigned}."),
            format!("{unsigned}.*"),
            format!("{ours}.c2ln"),
            format!(" {ours}"),
        ] {
            assert!(!is_token_of(&text, CLAIMS), "{text}");
        }
    }
}
