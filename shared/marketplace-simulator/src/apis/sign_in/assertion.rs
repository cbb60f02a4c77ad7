//! The token endpoint for a program with a key of a service account: a signed assertion for an access token
//! or an identity token.
//!
//! Sources: RFC 7523; Google's "Using OAuth 2.0 for server to server applications"; the texts of refusals as
//! programs that met them report them.

mod claims;

use jiff::Timestamp;
use serde_json::json;

use super::super::account_identity::AccountIdentity;
use crate::host_answer::HostAnswer;
use crate::hosts;
use crate::sign_in::{Parameters, SignInRefused};
use crate::simulated_google::SimulatedGoogle;
use claims::Claims;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const PARAMETERS: [&str; 2] = ["assertion", "grant_type"];

/// Whether a form asks for this grant.
pub(super) fn is_meant(form: &[u8]) -> bool {
    form_urlencoded::parse(form).any(|(name, value)| name == "grant_type" && value == GRANT_TYPE)
}

/// Answers a program that exchanges an assertion. Programs sign it by this machine's clock.
pub(super) fn exchange(
    google: &SimulatedGoogle,
    form: &[u8],
    machine_now: Timestamp,
) -> Result<HostAnswer, SignInRefused> {
    let given = Parameters::read(form, &PARAMETERS)?;
    let signed = claims::Assertion::parse(given.required("assertion")?)?;
    let claims = &signed.claims;
    let account = AccountIdentity::find(google, &claims.iss, google.now());
    let account =
        account.ok_or_else(|| SignInRefused::invalid_grant("Invalid grant: account not found"))?;
    signed.verify()?;
    check_audience(google, claims)?;
    claims.check_time(machine_now)?;
    tokens(google, claims, &account, machine_now)
}

/// The address of the token endpoint: Google's own names of it, and where it is simulated.
fn check_audience(google: &SimulatedGoogle, claims: &Claims) -> Result<(), SignInRefused> {
    let endpoint = format!("{}/token", hosts::OAUTH);
    let older = format!("{}/oauth2/v4/token", hosts::WWW);
    let oldest = format!("{}/o/oauth2/token", hosts::ACCOUNTS);
    let origin = &google.origin;
    let is_right = [&endpoint, &older, &oldest].into_iter().any(|address| {
        claims.aud == format!("https://{address}") || claims.aud == format!("{origin}/{address}")
    });
    if is_right {
        return Ok(());
    }
    let text =
        format!("Invalid JWT: Failed audience check. The right audience is https://{endpoint}");
    Err(SignInRefused::invalid_grant(text))
}

fn tokens(
    google: &SimulatedGoogle,
    claims: &Claims,
    account: &AccountIdentity,
    machine_now: Timestamp,
) -> Result<HostAnswer, SignInRefused> {
    if let Some(audience) = claims.target_audience() {
        let claims = account.claims(google.application_now(), audience);
        // As Google does here, and not at the metadata server.
        let claims = claims.set("azp", account.email.as_str());
        let token = claims.signed_by(google.keys.identity.current());
        let body = json!({ "id_token": token });
        return Ok(HostAnswer::json(&body, "an identity token"));
    }
    if !claims.has_scope() {
        let text = "Invalid OAuth scope or ID token audience provided.";
        return Err(SignInRefused::bad("invalid_scope", text));
    }
    let (token, left) = google.access_tokens.current(&account.email, machine_now);
    let body = json!({"access_token": token, "expires_in": left, "token_type": "Bearer"});
    Ok(HostAnswer::json(&body, "an access token"))
}
