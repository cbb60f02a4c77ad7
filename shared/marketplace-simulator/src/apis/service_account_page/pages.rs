//! What the page shows.

use askama::Template;
use http::StatusCode;

use super::PageRequest;
use super::refusal::PageRefused;
use crate::access_grants::Grant;
use crate::google_page::{STYLE, answer};
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

#[derive(Template)]
#[template(path = "google/service_account.html")]
struct ChoicePage<'a> {
    style: &'static str,
    facts: Facts<'a>,
    projects: Vec<Project>,
    is_single: bool,
    back: Option<&'a str>,
    refusal: Option<PageRefused>,
}

#[derive(Template)]
#[template(path = "google/service_account_done.html")]
struct DonePage<'a> {
    style: &'static str,
    facts: Facts<'a>,
    summary: &'a str,
}

#[derive(Template)]
#[template(path = "google/service_account_refused.html")]
struct RefusedPage {
    style: &'static str,
    status: u16,
    refusal: PageRefused,
}

/// What every page says of the service account.
struct Facts<'a> {
    title: &'a str,
    service: &'a str,
    email: &'a str,
    display_name: &'a str,
    roles: &'a [String],
    granted: Vec<Grant>,
}

struct Project {
    id: String,
    is_chosen: bool,
}

impl<'a> Facts<'a> {
    fn of(google: &'a SimulatedGoogle, asked: &'a PageRequest) -> Self {
        let service = asked.page.service().as_str();
        let mut products = google.settings.products.iter();
        let product = products.find(|product| product.id.as_str() == service);
        Self {
            title: product.map_or(service, |product| &product.title),
            service,
            email: &asked.account.email,
            display_name: &asked.account.display_name,
            roles: google.roles(asked),
            granted: google.grants().of(&asked.account.unique_id),
        }
    }
}

/// "Grant access": the projects that the link names are chosen already, or the first of them.
pub(super) fn choice(
    google: &SimulatedGoogle,
    asked: &PageRequest,
    refusal: Option<PageRefused>,
) -> HostAnswer {
    let parameters = asked.page.parameters();
    let chosen = match parameters.hints() {
        [first, ..] if parameters.is_single() => std::slice::from_ref(first),
        hints => hints,
    };
    let project = |id: String| Project {
        is_chosen: chosen.contains(&id),
        id,
    };
    let page = ChoicePage {
        style: STYLE,
        facts: Facts::of(google, asked),
        projects: google.offered(asked).into_iter().map(project).collect(),
        is_single: parameters.is_single(),
        back: parameters.redirect().map(host),
        refusal,
    };
    match refusal {
        Some(refusal) => answer(refusal.status(), &page, &refusal.to_string()),
        None => answer(StatusCode::OK, &page, "service account page"),
    }
}

pub(super) fn done(google: &SimulatedGoogle, asked: &PageRequest, summary: &str) -> HostAnswer {
    let page = DonePage {
        style: STYLE,
        facts: Facts::of(google, asked),
        summary,
    };
    answer(StatusCode::OK, &page, summary)
}

pub(super) fn refused(refusal: PageRefused) -> HostAnswer {
    let page = RefusedPage {
        style: STYLE,
        status: refusal.status().as_u16(),
        refusal,
    };
    answer(refusal.status(), &page, &refusal.to_string())
}

/// Host and port of an address that has been checked.
fn host(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}
