//! The way of a browser through the page. A form posts to where it stands.

use function_runtime::Request;
use http::Method;

use super::{PageRequest, pages};
use crate::google_page::back;
use crate::host_answer::HostAnswer;
use crate::simulated_google::SimulatedGoogle;

/// What a person did on the page.
struct Choice {
    projects: Vec<String>,
    is_granted: bool,
}

/// Answers a browser that was sent to the page, or has been shown it.
pub(crate) fn browse(google: &SimulatedGoogle, host: &str, request: &Request) -> HostAnswer {
    match google.page_at(host, &path(request), request.now) {
        Ok(asked) if request.method == Method::GET => pages::choice(google, &asked, None),
        Ok(asked) => go_on(google, &asked, request),
        Err(refusal) => {
            if refusal.is_violation() {
                google.record_violation(format!("{} {host}: {refusal}", request.method));
            }
            pages::refused(refusal)
        }
    }
}

/// After a click: back to the vendor, or on to a page that says what has become of it.
fn go_on(google: &SimulatedGoogle, asked: &PageRequest, request: &Request) -> HostAnswer {
    let choice = Choice::read(&request.body);
    let count = choice.projects.len();
    let summary = match choice.is_granted {
        true if count == 1 => "access granted in 1 project".to_owned(),
        true => format!("access granted in {count} projects"),
        false => "nothing granted".to_owned(),
    };
    if choice.is_granted
        && let Err(refusal) = google.grant_access(asked, &choice.projects, request.now)
    {
        return pages::choice(google, asked, Some(refusal));
    }
    match asked.redirect() {
        Some(redirect) => back(redirect, &summary),
        None => pages::done(google, asked, &summary),
    }
}

impl Choice {
    fn read(form: &[u8]) -> Self {
        let (mut projects, mut is_granted) = (Vec::new(), false);
        for (name, value) in form_urlencoded::parse(form) {
            match name.as_ref() {
                "project" => projects.push(value.into_owned()),
                "answer" => is_granted = value == "grant",
                _ => {}
            }
        }
        Self {
            projects,
            is_granted,
        }
    }
}

/// All of the address after the host, as it came: what is encoded in it is part of its grammar.
fn path(request: &Request) -> String {
    let below = request.path().split('/').skip(2);
    let path: String = below.flat_map(|segment| ["/", segment]).collect();
    match request.uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}
