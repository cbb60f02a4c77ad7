//! The way of a browser through Google's pages: who are you, and is this all right?
//!
//! All pages have one address, that of the request: a form posts to where it stands, so nothing is
//! remembered between two pages but who is signed in (a cookie) and what was consented to.

use function_runtime::Request;
use http::{HeaderMap, Method, header};
use jiff::Timestamp;
use marketplace::UserIdentity;

use super::authorization::{Authorization, Prompt};
use super::grants::Grant;
use super::pages;
use super::people::stranger;
use super::refusal::SignInRefused;
use super::switches::Chooser;
use crate::answer::Answer;
use crate::state::User;
use crate::world::World;

/// The cookie of the simulated Google.
const COOKIE: &str = "simulated-google";

/// What a person did on a page.
struct Choice {
    user: Option<UserIdentity>,
    /// `allow`, `deny`, or not asked yet.
    answer: String,
}

/// Answers a browser that was sent to sign in, or has been shown a page.
pub(crate) fn browse(world: &World, request: &Request) -> Answer {
    let query = request.uri.query().unwrap_or_default();
    match world.authorization(query) {
        Ok(wanted) if request.method == Method::GET => arrive(world, &wanted, request),
        Ok(wanted) => go_on(world, &wanted, request),
        Err(refusal) => {
            if refusal.is_violation() {
                let path = request.path().trim_start_matches('/');
                world.violated(format!("{} {path}: {refusal}", request.method));
            }
            pages::refused(&refusal)
        }
    }
}

impl World {
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
        let code = self.sign_ins.grants().issue(Grant {
            authorization: authorization.clone(),
            user,
            end: now + self.settings.oauth_client.code_lifetime,
        });
        authorization.granted(&code)
    }
}

/// Straight on for who is signed in, is meant, and has consented; else a page.
fn arrive(world: &World, wanted: &Authorization, request: &Request) -> Answer {
    let session = world.sign_ins.sessions().user(&cookie(&request.headers));
    let meant = session
        .map(|identity| world.person(&identity))
        .filter(|user| wanted.login_hint.is_none() || wanted.hints_at(user));
    let is_silent = wanted.prompt.contains(&Prompt::None);
    match meant {
        None if is_silent => pages::back(&wanted.failed("login_required"), "nobody signed in"),
        Some(user) if !wanted.prompt.contains(&Prompt::SelectAccount) => {
            if !is_asked(world, wanted, &user) {
                pages::back(
                    &world.grant(wanted, &user, request.now),
                    "signed in already",
                )
            } else if is_silent {
                pages::back(&wanted.failed("interaction_required"), "no consent yet")
            } else {
                pages::consent(wanted, &user)
            }
        }
        _ => pages::chooser(world, wanted),
    }
}

/// After a click: whoever was chosen is signed in, and asked for consent or sent back.
fn go_on(world: &World, wanted: &Authorization, request: &Request) -> Answer {
    let choice = Choice::read(&request.body);
    let mut people = world.people().into_iter();
    let Some(user) = people.find(|user| Some(&user.identity) == choice.user.as_ref()) else {
        return pages::chooser(world, wanted);
    };
    let before = cookie(&request.headers);
    let session = world.sign_ins.sessions().sign_in(&before, &user.identity);
    let answer = match choice.answer.as_str() {
        "deny" => pages::back(&wanted.failed("access_denied"), "consent denied"),
        "allow" => allowed(world, wanted, &user, request.now),
        _ if is_asked(world, wanted, &user) => pages::consent(wanted, &user),
        _ => allowed(world, wanted, &user, request.now),
    };
    let cookie = format!("{COOKIE}={session}; Path=/accounts.google.com; HttpOnly; SameSite=Lax");
    answer.with_header(header::SET_COOKIE, &cookie)
}

fn allowed(world: &World, wanted: &Authorization, user: &User, now: Timestamp) -> Answer {
    world.sign_ins.sessions().consent(&user.identity, wanted);
    pages::back(&world.grant(wanted, user, now), "a code")
}

/// Whether the user must be asked for consent.
fn is_asked(world: &World, wanted: &Authorization, user: &User) -> bool {
    let sessions = world.sign_ins.sessions();
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

/// The value of the cookie, empty if there is none.
fn cookie(headers: &HeaderMap) -> String {
    let all = headers.get_all(header::COOKIE).into_iter();
    all.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map_or_else(String::new, |(_, value)| value.to_owned())
}
