//! The pages on which people sign in.

use askama::Template;
use http::StatusCode;

use crate::google_page::{STYLE, answer, initials};
use crate::host_answer::HostAnswer;
use crate::marketplace_state::{MarketplaceState, User};
use crate::sign_in::{Authorization, Prompt, SignInRefused};
use crate::simulated_google::SimulatedGoogle;

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
    requests: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "google/refused.html")]
struct RefusedPage<'a> {
    style: &'static str,
    refusal: &'a SignInRefused,
}

/// "Choose an account". Who is hinted at stands first, unless the program wants a free choice.
pub(super) fn chooser(google: &SimulatedGoogle, wanted: &Authorization) -> HostAnswer {
    let is_free = wanted.prompt.contains(&Prompt::SelectAccount);
    let person = |user: User| Person {
        is_meant: !is_free && wanted.hints_at(&user),
        identity: user.identity.as_str().to_owned(),
        initials: initials(&user.name),
        name: user.name,
        email: user.email,
    };
    let mut people: Vec<Person> = google
        .read(MarketplaceState::people)
        .into_iter()
        .map(person)
        .collect();
    people.sort_by_key(|person| !person.is_meant);
    let page = ChooserPage {
        style: STYLE,
        site: wanted.site(),
        people,
    };
    answer(StatusCode::OK, &page, "account chooser")
}

pub(super) fn consent(wanted: &Authorization, user: &User) -> HostAnswer {
    let page = ConsentPage {
        style: STYLE,
        site: wanted.site(),
        user,
        requests: wanted
            .scopes
            .iter()
            .map(|scope| scope.description())
            .collect(),
    };
    answer(StatusCode::OK, &page, "consent")
}

/// "Access blocked": the browser goes no further.
pub(super) fn refused(refusal: &SignInRefused) -> HostAnswer {
    let style = STYLE;
    let page = RefusedPage { style, refusal };
    answer(refusal.status(), &page, &refusal.to_string())
}
