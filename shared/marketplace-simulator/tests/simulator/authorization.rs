//! What Google asks of a program that sends a browser to sign in.

use crate::relying_party::{REDIRECT_URI, RelyingParty, Seen, parameter};

const NOTHING_RECORDED: Vec<String> = Vec::new();

#[tokio::test]
async fn a_code_comes_back_with_the_state_as_it_was_sent() {
    let party = RelyingParty::start().await;
    let back = party.sim.sign_in(&party.url(&[]), &party.user).unwrap();
    assert!(back.starts_with(&format!("{REDIRECT_URI}?state=")));
    assert_eq!(parameter(&back, "state").unwrap(), "a state & more");
    assert!(parameter(&back, "code").unwrap().starts_with("4/0A"));
    assert!(back.contains("code=4%2F0A"));
    assert_eq!(
        parameter(&back, "scope").unwrap(),
        "openid https://www.googleapis.com/auth/userinfo.email"
    );
    assert_eq!(parameter(&back, "authuser").unwrap(), "0");
    assert_eq!(party.sim.violations(), NOTHING_RECORDED);
}

#[tokio::test]
async fn a_redirect_uri_keeps_its_own_query() {
    let party = RelyingParty::start().await;
    let uri = "http://localhost:8080/login/google?from=here";
    party.sim.register_redirect_uri(uri);
    let url = party.url(&[("redirect_uri", uri), ("state", "")]);
    let back = party.sim.sign_in(&url, &party.user).unwrap();
    assert!(back.starts_with(&format!("{uri}&code=")), "{back}");
}

#[tokio::test]
async fn whoever_denies_comes_back_with_an_error() {
    let party = RelyingParty::start().await;
    assert_eq!(
        party.sim.deny_sign_in(&party.url(&[])).unwrap(),
        format!("{REDIRECT_URI}?state=a+state+%26+more&error=access_denied")
    );
}

#[tokio::test]
async fn a_redirect_uri_of_the_settings_is_registered() {
    let uri = "https://other.example/";
    let registered = vec![uri.to_owned()];
    let party = RelyingParty::set(|it| it.oauth_client.redirect_uris = registered).await;
    let url = party.url(&[("redirect_uri", uri)]);
    assert!(party.sim.sign_in(&url, &party.user).is_ok());
}

#[tokio::test]
async fn a_parameter_with_another_value_than_google_takes_is_refused() {
    let party = RelyingParty::start().await;
    let alphabet = "+++++++++++++++++++++++++++++++++++++++++++";
    for (name, value, status, code) in [
        ("client_id", "somebody", 401, "invalid_client"),
        ("response_type", "token", 400, "unsupported_response_type"),
        (
            "response_type",
            "id_token",
            400,
            "unsupported_response_type",
        ),
        (
            "response_type",
            "code id_token",
            400,
            "unsupported_response_type",
        ),
        ("scope", "email", 400, "invalid_scope"),
        ("scope", "openid email everything", 400, "invalid_scope"),
        ("code_challenge", "short", 400, "invalid_request"),
        ("code_challenge", alphabet, 400, "invalid_request"),
        ("code_challenge_method", "plain", 400, "invalid_request"),
        ("code_challenge_method", "", 400, "invalid_request"),
        ("code_challenge", "", 400, "invalid_request"),
        ("prompt", "login", 400, "invalid_request"),
        ("prompt", "none select_account", 400, "invalid_request"),
    ] {
        let refused = party.refusal(&[(name, value)]);
        assert_eq!(
            (refused.status, refused.code),
            (status, code),
            "{name}={value}"
        );
    }
}

#[tokio::test]
async fn a_redirect_uri_that_differs_in_anything_is_refused_on_a_page() {
    let party = RelyingParty::start().await;
    for uri in [
        "https://portico.example/login/google/",
        "https://portico.example/login/Google",
        "http://portico.example/login/google",
        "https://portico.example/login/google?a=b",
        "https://attacker.example/login/google",
        "not a URI",
    ] {
        let changes = [("redirect_uri", uri)];
        assert_eq!(party.refusal(&changes).code, "redirect_uri_mismatch");
        let seen = party.browser().open(&party.url(&changes)).await;
        let page = seen.page();
        assert!(page.contains("Error 400: redirect_uri_mismatch"), "{page}");
    }
}

#[tokio::test]
async fn a_denial_goes_nowhere_but_to_a_registered_redirect_uri() {
    let party = RelyingParty::start().await;
    let url = party.url(&[("redirect_uri", "https://attacker.example/")]);
    let fields = [("user", party.user.as_str()), ("answer", "deny")];
    let seen = party.browser().post(&url, &fields).await;
    assert!(matches!(seen, Seen::Page(_)));
}

#[tokio::test]
async fn a_missing_parameter_is_refused_and_recorded() {
    let party = RelyingParty::start().await;
    for name in ["client_id", "redirect_uri", "response_type", "scope"] {
        let page = party.browser().open(&party.url(&[(name, "")])).await;
        let text = format!("Missing required parameter: {name}");
        assert!(page.page().contains(&text), "{name}");
    }
    assert_eq!(party.sim.violations().len(), 4);
}

#[tokio::test]
async fn a_parameter_that_is_unknown_or_comes_twice_is_refused_and_recorded() {
    let party = RelyingParty::start().await;
    let unknown = party.url(&[("user_id", "42")]);
    let twice = format!("{}&state=another", party.url(&[]));
    for url in [unknown, twice] {
        let page = party.browser().open(&url).await.page();
        assert!(page.contains("Error 400: invalid_request"), "{page}");
    }
    assert_eq!(
        party.sim.violations(),
        [
            "GET accounts.google.com/o/oauth2/v2/auth: invalid_request: Parameter not allowed for \
             this message type: user_id",
            "GET accounts.google.com/o/oauth2/v2/auth: invalid_request: OAuth 2 parameters can only \
             have a single value: state",
        ]
    );
}

#[tokio::test]
async fn an_address_that_is_not_google_s_is_no_sign_in() {
    let party = RelyingParty::start().await;
    let elsewhere = party.url(&[]).replace("/v2/auth", "/v1/auth");
    let refused = party.sim.sign_in(&elsewhere, &party.user).unwrap_err();
    assert_eq!(refused.status, 404);
}
