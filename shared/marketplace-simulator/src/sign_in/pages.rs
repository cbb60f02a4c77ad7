//! Google's pages, as plain as they can be. They need nothing but themselves, so that they look the same
//! where the simulator has no other pages.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{StatusCode, header};
use sha2::{Digest as _, Sha256};

use super::authorization::{Authorization, Prompt};
use super::refusal::SignInRefused;
use crate::answer::Answer;
use crate::state::User;
use crate::world::World;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = include_str!("../../templates/google/style.css");

#[derive(Template)]
#[template(path = "google/chooser.html")]
struct ChooserPage {
    style: &'static str,
    site: String,
    people: Vec<Person>,
}

struct Person {
    identity: String,
    name: String,
    initials: String,
    email: String,
    is_meant: bool,
}

#[derive(Template)]
#[template(path = "google/consent.html")]
struct ConsentPage<'a> {
    style: &'static str,
    site: String,
    user: &'a User,
    wishes: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "google/refused.html")]
struct RefusedPage<'a> {
    style: &'static str,
    refusal: &'a SignInRefused,
}

/// "Choose an account". Who is hinted at stands first, unless the program wants a free choice.
pub(super) fn chooser(world: &World, wanted: &Authorization) -> Answer {
    let is_free = wanted.prompt.contains(&Prompt::SelectAccount);
    let person = |user: User| Person {
        is_meant: !is_free && wanted.hints_at(&user),
        identity: user.identity.as_str().to_owned(),
        initials: initials(&user.name),
        name: user.name,
        email: user.email,
    };
    let mut people: Vec<Person> = world.people().into_iter().map(person).collect();
    people.sort_by_key(|person| !person.is_meant);
    let page = ChooserPage {
        style: STYLE,
        site: wanted.site(),
        people,
    };
    answer(StatusCode::OK, &page, "account chooser")
}

/// "Do you want to continue?"
pub(super) fn consent(wanted: &Authorization, user: &User) -> Answer {
    let page = ConsentPage {
        style: STYLE,
        site: wanted.site(),
        user,
        wishes: wanted.scopes.iter().map(|scope| scope.wish()).collect(),
    };
    answer(StatusCode::OK, &page, "consent")
}

/// "Access blocked": the browser goes no further.
pub(super) fn refused(refusal: &SignInRefused) -> Answer {
    let style = STYLE;
    let page = RefusedPage { style, refusal };
    answer(refusal.status(), &page, &refusal.to_string())
}

/// Sends the browser back to the program.
pub(super) fn back(location: &str, summary: &str) -> Answer {
    let mut answer = Answer::ok(HTML, String::new(), summary);
    answer.status = StatusCode::FOUND;
    answer.with_header(header::LOCATION, location)
}

fn answer(status: StatusCode, page: &impl Template, summary: &str) -> Answer {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    // No `form-action`: browsers would apply it to the redirect that follows.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    // Rendering writes to memory and cannot fail; an empty page is still no panic.
    let mut answer = Answer::ok(HTML, page.render().unwrap_or_default(), summary);
    answer.status = status;
    answer.with_header(header::CONTENT_SECURITY_POLICY, &policy)
}

fn initials(name: &str) -> String {
    let words = name.split_whitespace().take(2);
    words.filter_map(|word| word.chars().next()).collect()
}
