//! Google's pages, as a browser goes through them.

use marketplace_simulator::{Chooser, Matcher};

use crate::relying_party::{RelyingParty, Seen, parameter, subject};

#[tokio::test]
async fn a_person_chooses_an_account_and_allows() {
    let party = RelyingParty::start().await;
    let (mut browser, url) = (party.browser(), party.url(&[]));
    let chooser = browser.open(&url).await.page();
    for user in [&party.user, &party.sim.stranger()] {
        let button = format!("<button name=\"user\" value=\"{}\">", user.as_str());
        assert!(chooser.contains(&button), "{chooser}");
    }
    let user = party.user.as_str();
    let consent = browser.post(&url, &[("user", user)]).await.page();
    assert!(consent.contains("Sign in to portico.example"), "{consent}");
    let answer = [("user", user), ("answer", "allow")];
    let back = browser.post(&url, &answer).await.back();
    assert_eq!(subject(&party, &back).await, user);
    assert_eq!(party.sim.violations(), Vec::<String>::new());
    let calls = party.sim.calls().matching(&Matcher::authorization());
    let said: Vec<_> = calls.iter().map(|call| call.summary.as_str()).collect();
    assert_eq!(said, ["account chooser", "consent", "a code"]);
}

#[tokio::test]
async fn a_person_who_denies_is_sent_back_with_an_error() {
    let party = RelyingParty::start().await;
    let answer = [("user", party.user.as_str()), ("answer", "deny")];
    let seen = party.browser().post(&party.url(&[]), &answer).await;
    let back = seen.back();
    assert_eq!(parameter(&back, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&back, "state").unwrap(), "a state & more");
    assert_eq!(parameter(&back, "code"), None);
}

#[tokio::test]
async fn an_account_that_does_not_exist_cannot_be_chosen() {
    let party = RelyingParty::start().await;
    let answer = [("user", "42"), ("answer", "allow")];
    let seen = party.browser().post(&party.url(&[]), &answer).await;
    assert!(seen.page().contains("Choose an account"));
}

#[tokio::test]
async fn the_account_of_the_hint_stands_first_unless_the_choice_is_free() {
    let party = RelyingParty::start().await;
    let other = party.sim.buy();
    let address = party.sim.account(&other.account).unwrap();
    let address = address.users[0].email.clone();
    let meant = format!("value=\"{}\" class=\"meant\"", other.user.as_str());
    for (hint, prompt, is_meant) in [
        (other.user.as_str(), "", true),
        (&address, "", true),
        (other.user.as_str(), "select_account", false),
        ("nobody@example.com", "", false),
    ] {
        let url = party.url(&[("login_hint", hint), ("prompt", prompt)]);
        let page = party.browser().open(&url).await.page();
        assert_eq!(page.contains(&meant), is_meant, "{hint} {prompt}");
        assert_eq!(page.contains("class=\"meant\""), is_meant);
    }
}

#[tokio::test]
async fn who_is_signed_in_and_has_consented_is_sent_back_at_once() {
    let party = RelyingParty::start().await;
    let (mut browser, user) = (party.browser(), party.user.as_str());
    let answer = [("user", user), ("answer", "allow")];
    browser.post(&party.url(&[]), &answer).await.back();
    for changes in [
        &[("login_hint", user)][..],
        &[],
        &[("login_hint", user), ("prompt", "none")],
    ] {
        let back = browser.open(&party.url(changes)).await.back();
        assert_eq!(subject(&party, &back).await, user);
    }
    let stranger = party.sim.stranger();
    for (name, value, title) in [
        ("login_hint", stranger.as_str(), "Choose an account"),
        ("prompt", "select_account", "Choose an account"),
        ("prompt", "consent", "wants to"),
        ("scope", "openid profile", "wants to"),
    ] {
        let page = browser.open(&party.url(&[(name, value)])).await.page();
        assert!(page.contains(title), "{name}={value}");
    }
    let elsewhere = party.browser().open(&party.url(&[])).await;
    assert!(matches!(elsewhere, Seen::Page(_)));
}

#[tokio::test]
async fn a_consent_holds_in_another_browser() {
    let party = RelyingParty::start().await;
    let (url, user) = (party.url(&[]), party.user.as_str());
    let answer = [("user", user), ("answer", "allow")];
    party.browser().post(&url, &answer).await.back();
    party.browser().post(&url, &[("user", user)]).await.back();
}

#[tokio::test]
async fn without_a_page_nobody_can_be_asked() {
    let party = RelyingParty::start().await;
    let (url, user) = (party.url(&[("prompt", "none")]), party.user.as_str());
    let mut browser = party.browser();
    let back = browser.open(&url).await.back();
    assert_eq!(parameter(&back, "error").unwrap(), "login_required");
    // Signed in, but not allowed yet.
    browser.post(&party.url(&[]), &[("user", user)]).await;
    let back = browser.open(&url).await.back();
    assert_eq!(parameter(&back, "error").unwrap(), "interaction_required");
    let hint = party.sim.stranger();
    let other = party.url(&[("prompt", "none"), ("login_hint", hint.as_str())]);
    let back = browser.open(&other).await.back();
    assert_eq!(parameter(&back, "error").unwrap(), "login_required");
}

#[tokio::test]
async fn the_chooser_returns_somebody_else_on_request() {
    let party = RelyingParty::start().await;
    party.sim.set_chooser(Chooser::SomebodyElse);
    let answer = [("user", party.user.as_str()), ("answer", "allow")];
    let seen = party.browser().post(&party.url(&[]), &answer).await;
    let stranger = party.sim.stranger();
    assert_eq!(subject(&party, &seen.back()).await, stranger.as_str());
    let back = party.sim.sign_in(&party.url(&[]), &party.user).unwrap();
    assert_eq!(subject(&party, &back).await, stranger.as_str());
    party.sim.sign_in_as_google();
    let back = party.sim.sign_in(&party.url(&[]), &party.user).unwrap();
    assert_eq!(subject(&party, &back).await, party.user.as_str());
}

#[tokio::test]
async fn a_page_says_nothing_that_was_not_made_safe() {
    let party = RelyingParty::start().await;
    let url = party.url(&[("scope", "openid <script>"), ("state", "<script>")]);
    let page = party.browser().open(&url).await.page();
    assert!(page.contains("&#60;script&#62;"), "{page}");
    assert!(!page.contains("<script>"));
}
