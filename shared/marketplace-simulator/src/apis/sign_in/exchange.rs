//! The token endpoint: a code and a secret for an ID token and an access token. What else it takes is in
//! [`assertion`](super::assertion).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use function_runtime::Request;
use http::header;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::assertion;
use crate::host_answer::HostAnswer;
use crate::settings::OAuthClient;
use crate::sign_in::{Authorization, CodeGrant, Parameters, Scope, SignInRefused, UserAccess};
use crate::simulated_google::SimulatedGoogle;
use crate::tokens::IdentityClaims;

const PARAMETERS: [&str; 6] = [
    "client_id",
    "client_secret",
    "code",
    "code_verifier",
    "grant_type",
    "redirect_uri",
];

/// Lengths of a code verifier (RFC 7636, section 4.1).
const VERIFIER_LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// Answers a program that exchanges a code, or an assertion.
pub(crate) fn exchange(
    google: &SimulatedGoogle,
    request: &Request,
    machine_now: Timestamp,
) -> HostAnswer {
    let answer = check_form(request).and_then(|()| {
        if assertion::is_meant(&request.body) {
            return assertion::exchange(google, &request.body, machine_now);
        }
        redeem(google, request).map(|grant| tokens(google, grant, request.now))
    });
    let answer = answer.unwrap_or_else(|refusal| {
        if refusal.is_violation() {
            google.record_violation(format!("POST oauth2.googleapis.com/token: {refusal}"));
        }
        refusal.answer()
    });
    answer.with_header(
        header::CACHE_CONTROL,
        "no-cache, no-store, max-age=0, must-revalidate",
    )
}

fn check_form(request: &Request) -> Result<(), SignInRefused> {
    let kind = request.header("content-type").unwrap_or_default();
    if kind.split(';').next() != Some("application/x-www-form-urlencoded") {
        let text = "Content-Type must be application/x-www-form-urlencoded";
        return Err(SignInRefused::invalid_request(text));
    }
    Ok(())
}

fn redeem(google: &SimulatedGoogle, request: &Request) -> Result<CodeGrant, SignInRefused> {
    let given = Parameters::read(&request.body, &PARAMETERS)?;
    let grant_type = given.required("grant_type")?;
    if grant_type != "authorization_code" {
        let text = format!("Invalid grant_type: {grant_type}");
        return Err(SignInRefused::bad("unsupported_grant_type", text));
    }
    authenticate(&google.settings.oauth_client, &given)?;
    let redirect_uri = given.required("redirect_uri")?;
    let code = given.required("code")?;
    let grant = google.sign_ins.issued().redeem(code, request.now);
    let grant = grant.ok_or_else(|| SignInRefused::invalid_grant("Bad Request"))?;
    if grant.authorization.redirect_uri_text != redirect_uri {
        return Err(SignInRefused::bad("redirect_uri_mismatch", "Bad Request"));
    }
    check_verifier(&grant.authorization, given.value("code_verifier"))?;
    Ok(grant)
}

fn authenticate(client: &OAuthClient, given: &Parameters) -> Result<(), SignInRefused> {
    if given.required("client_id")? != client.id {
        let text = "The OAuth client was not found.";
        Err(SignInRefused::invalid_client(text))
    } else if given.required("client_secret")? == client.secret {
        Ok(())
    } else {
        Err(SignInRefused::invalid_client("Unauthorized"))
    }
}

fn check_verifier(
    authorization: &Authorization,
    verifier: Option<&str>,
) -> Result<(), SignInRefused> {
    match (&authorization.challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(SignInRefused::invalid_grant("Missing code verifier.")),
        (Some(challenge), Some(verifier))
            if VERIFIER_LENGTHS.contains(&verifier.len())
                && *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) =>
        {
            Ok(())
        }
        (_, Some(_)) => Err(SignInRefused::invalid_grant("Invalid code verifier.")),
    }
}

fn tokens(google: &SimulatedGoogle, grant: CodeGrant, now: Timestamp) -> HostAnswer {
    let lifetime = google.settings.access_token_lifetime;
    let mut body = json!({
        "expires_in": lifetime.as_secs(),
        "id_token": id_token(google, &grant, now),
        "scope": grant.authorization.scope(),
        "token_type": "Bearer",
    });
    let access = UserAccess {
        user: grant.user,
        scopes: grant.authorization.scopes,
        end: now + lifetime,
    };
    let access_token = google.sign_ins.issued().open(access);
    if let Value::Object(body) = &mut body {
        body.insert("access_token".to_owned(), access_token.into());
    }
    let write = google.sign_ins.switches().token_answer.clone();
    let body = write.map_or_else(|| body.clone(), |write| write(body.clone()));
    HostAnswer::json(&body, "an ID token and an access token")
}

fn id_token(google: &SimulatedGoogle, grant: &CodeGrant, now: Timestamp) -> String {
    let client = google.settings.oauth_client.id.as_str();
    let (user, scopes) = (&grant.user, &grant.authorization.scopes);
    let mut claims = IdentityClaims::valid_at(now)
        .set("aud", client)
        .set("azp", client)
        .set("sub", user.identity.as_str());
    claims = if scopes.contains(&Scope::Email) {
        claims.set("email", user.email.as_str())
    } else {
        claims.without("email").without("email_verified")
    };
    if scopes.contains(&Scope::Profile) {
        claims = claims.set("name", user.name.as_str());
    }
    if let Some(nonce) = &grant.authorization.nonce {
        claims = claims.set("nonce", nonce.as_str());
    }
    let key = google.keys.identity.current();
    let write = google.sign_ins.switches().id_token.clone();
    match write {
        Some(write) => write(claims, key),
        None => claims.signed_by(key),
    }
}
