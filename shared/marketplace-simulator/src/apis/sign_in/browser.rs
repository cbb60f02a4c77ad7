//! The way of a browser through Google's pages: who are you, and is this all right?
//!
//! All pages have one address, that of the request: a form posts to where it stands, so nothing is
//! remembered between two pages but who is signed in (a cookie) and what was consented to.

use function_runtime::Request;
use http::{Method, header};
use jiff::Timestamp;
use marketplace::UserIdentity;

use super::pages;
use crate::google_page::{back, cookie};
use crate::host_answer::HostAnswer;
use crate::marketplace_state::{MarketplaceState, User, stranger};
use crate::sign_in::{Authorization, Chooser, CodeGrant, Prompt, SignInRefused};
use crate::simulated_google::SimulatedGoogle;

const COOKIE: &str = "simulated-google";

/// What a person did on a page.
struct Choice {
    user: Option<UserIdentity>,
    /// `allow`, `deny`, or not asked yet.
    answer: String,
}

/// Answers a browser that was sent to sign in, or has been shown a page.
pub(crate) fn browse(google: &SimulatedGoogle, request: &Request) -> HostAnswer {
    let query = request.uri.query().unwrap_or_default();
    match google.authorization(query) {
        Ok(wanted) if request.method == Method::GET => arrive(google, &wanted, request),
        Ok(wanted) => go_on(google, &wanted, request),
        Err(refusal) => {
            if refusal.is_violation() {
                let path = request.path().trim_start_matches('/');
                google.record_violation(format!("{} {path}: {refusal}", request.method));
            }
            pages::refused(&refusal)
        }
    }
}

impl SimulatedGoogle {
    /// What the query asks for, if Google takes it.
    pub(crate) fn authorization(&self, query: &str) -> Result<Authorization, SignInRefused> {
        Authorization::parse(query, &self.settings.oauth_client, &self.sign_ins)
    }

    /// Back to the program with a code for this user, or for who comes instead.
    pub(crate) fn grant(
        &self,
        authorization: &Authorization,
        user: &User,
        now: Timestamp,
    ) -> String {
        let user = match self.sign_ins.switches().chooser {
            Chooser::AsChosen => user.clone(),
            Chooser::SomebodyElse => self.person(&stranger()),
        };
        let code = self.sign_ins.issued().issue(CodeGrant {
            authorization: authorization.clone(),
            user,
            end: now + self.settings.oauth_client.code_lifetime,
        });
        authorization.granted(&code)
    }
}

/// Straight on for who is signed in, is meant, and has consented; else a page.
fn arrive(google: &SimulatedGoogle, wanted: &Authorization, request: &Request) -> HostAnswer {
    let session = cookie(&request.headers, COOKIE);
    let session = google.sign_ins.sessions().user(&session);
    let meant = session
        .map(|identity| google.person(&identity))
        .filter(|user| wanted.login_hint.is_none() || wanted.hints_at(user));
    let is_silent = wanted.prompt.contains(&Prompt::None);
    match meant {
        None if is_silent => back(&wanted.failed("login_required"), "nobody signed in"),
        Some(user) if !wanted.prompt.contains(&Prompt::SelectAccount) => {
            if !is_asked(google, wanted, &user) {
                let granted = google.grant(wanted, &user, request.now);
                back(&granted, "signed in already")
            } else if is_silent {
                back(&wanted.failed("interaction_required"), "no consent yet")
            } else {
                pages::consent(wanted, &user)
            }
        }
        _ => pages::chooser(google, wanted),
    }
}

/// After a click: the person who was chosen is signed in, and asked for consent or sent back.
fn go_on(google: &SimulatedGoogle, wanted: &Authorization, request: &Request) -> HostAnswer {
    let choice = Choice::read(&request.body);
    let mut people = google.read(MarketplaceState::people).into_iter();
    let Some(user) = people.find(|user| Some(&user.identity) == choice.user.as_ref()) else {
        return pages::chooser(google, wanted);
    };
    let before = cookie(&request.headers, COOKIE);
    let session = google.sign_ins.sessions().sign_in(&before, &user.identity);
    let answer = match choice.answer.as_str() {
        "deny" => back(&wanted.failed("access_denied"), "consent denied"),
        "allow" => allowed(google, wanted, &user, request.now),
        _ if is_asked(google, wanted, &user) => pages::consent(wanted, &user),
        _ => allowed(google, wanted, &user, request.now),
    };
    let cookie = format!("{COOKIE}={session}; Path=/accounts.google.com; HttpOnly; SameSite=Lax");
    answer.with_header(header::SET_COOKIE, &cookie)
}

fn allowed(
    google: &SimulatedGoogle,
    wanted: &Authorization,
    user: &User,
    now: Timestamp,
) -> HostAnswer {
    google.sign_ins.sessions().consent(&user.identity, wanted);
    back(&google.grant(wanted, user, now), "a code")
}

/// Whether the user must be asked for consent.
fn is_asked(google: &SimulatedGoogle, wanted: &Authorization, user: &User) -> bool {
    let sessions = google.sign_ins.sessions();
    wanted.prompt.contains(&Prompt::Consent) || !sessions.has_consent(&user.identity, wanted)
}

impl Choice {
    fn read(form: &[u8]) -> Self {
        let (mut user, mut answer) = (None, String::new());
        for (name, value) in form_urlencoded::parse(form) {
            match name.as_ref() {
                "user" => user = UserIdentity::parse(value).ok(),
                "answer" => answer = value.into_owned(),
                _ => {}
            }
        }
        Self { user, answer }
    }
}
