//! How an application asks Portico for a service account link: from its own server, as itself.

use marketplace_simulator::Simulator;
use marketplace_website::ProgramEndpoint;
use marketplace_website::page::Form;
use serde::Deserialize;
use serde_json::{Value, json};

use super::hand_off::HandOff;

/// What the customer said about the link, before anybody checked it.
#[derive(Debug)]
pub(super) struct LinkRequest {
    hints: Vec<String>,
    is_single: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Link {
    pub(super) url: String,
    /// The address of the customer's service account.
    pub(super) service_account: String,
}

#[derive(Debug)]
pub(super) enum NoLink {
    Problem(Problem),
    /// Portico did not answer, or nothing that an application reads.
    Unclear,
}

/// A problem document (RFC 9457), with the code that programs read.
#[derive(Debug, Deserialize)]
pub(super) struct Problem {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) detail: String,
}

impl LinkRequest {
    /// From the form beside *Grant access*: projects, separated by commas or spaces.
    pub(super) fn read(form: &Form) -> Self {
        let projects = form.value("projects").split([',', ' ']);
        let projects = projects.filter(|project| !project.is_empty());
        Self {
            hints: projects.map(str::to_owned).collect(),
            is_single: form.value("single") == "true",
        }
    }
}

/// Asks for a link for the customer who was handed off.
pub(super) async fn ask(
    simulator: &Simulator,
    links: &ProgramEndpoint,
    hand_off: &HandOff,
    request: &LinkRequest,
) -> Result<Link, NoLink> {
    let body = body(&simulator.origin(), hand_off, request);
    let answered = links.post(simulator, &body).await;
    let (status, answer) = answered.ok_or(NoLink::Unclear)?;
    if status == 200 {
        return serde_json::from_slice(&answer).map_err(|_| NoLink::Unclear);
    }
    Err(serde_json::from_slice(&answer).map_or(NoLink::Unclear, NoLink::Problem))
}

/// What is left out is not sent: an empty list would be refused.
fn body(origin: &str, hand_off: &HandOff, request: &LinkRequest) -> Value {
    let claims = &hand_off.claims;
    let mut body = json!({
        "account": claims.sub,
        "user": claims.google.user_identity,
        "redirect": format!("{origin}/app/granted"),
    });
    if let Value::Object(members) = &mut body {
        if request.is_single {
            members.insert("single".to_owned(), true.into());
        }
        if !request.hints.is_empty() {
            members.insert("hints".to_owned(), request.hints.clone().into());
        }
    }
    body
}
