//! What the application does only after it has asked Portico.

use function_runtime::{Request, Response, redirect_303};
use http::Method;
use marketplace_simulator::Simulator;
use marketplace_website::page::{self, Form, Refusal, cookie};

use super::link_request::{self, LinkRequest};
use super::message_page::{Notice, message};
use super::usage::{MeteredCustomer, NotUsed};
use super::{DemoApplication, SESSION, grant_pages, home_again};

impl DemoApplication {
    /// Answers what cannot be answered without Portico; nothing, if the request is none of those.
    pub(super) async fn call(
        &self,
        simulator: &Simulator,
        request: &Request,
    ) -> Option<Result<Response, Refusal>> {
        Some(match (&request.method, request.path()) {
            (&Method::POST, "/app/grant") => self.ask_for_access(simulator, request).await,
            (&Method::POST, "/app/use" | "/app/use-again") => self.use_it(simulator, request).await,
            _ => return None,
        })
    }

    /// The customer uses something, or has what it used recorded again.
    async fn use_it(&self, simulator: &Simulator, request: &Request) -> Result<Response, Refusal> {
        page::check_origin(simulator, request)?;
        let Some(hand_off) = self.sessions.find(&cookie(&request.headers, SESSION)) else {
            return Ok(message(simulator, Notice::NotSignedIn));
        };
        let account = hand_off.claims.sub.as_str();
        let form = Form::read(&request.body);
        let done = if request.path() == "/app/use" {
            let events = self.received.of(account);
            let customer = MeteredCustomer {
                account,
                events: &events,
            };
            self.usage.work(simulator, customer, &form).await
        } else {
            self.usage.repeat(simulator, account, &form).await
        };
        if self.received.has_erased(account) {
            // Google deleted the account meanwhile: what was just written down goes after the rest.
            self.usage.erase(account);
        }
        match done {
            Ok(()) => Ok(home_again()),
            Err(NotUsed::Nothing) => Err(Refusal::NOT_FOUND),
            Err(NotUsed::NotServed) => Ok(message(simulator, Notice::NotServed)),
            Err(NotUsed::NoNumber) => Ok(message(simulator, Notice::NoNumber)),
        }
    }

    /// Asks Portico for a link for the customer who is signed in, and sends the browser to it.
    async fn ask_for_access(
        &self,
        simulator: &Simulator,
        request: &Request,
    ) -> Result<Response, Refusal> {
        page::check_origin(simulator, request)?;
        let links = self.links.as_ref().ok_or(Refusal::NOT_FOUND)?;
        // The session says who it is; a form could name anybody.
        let session = cookie(&request.headers, SESSION);
        let Some(hand_off) = self.sessions.find(&session) else {
            return Ok(message(simulator, Notice::NotSignedIn));
        };
        let link_request = LinkRequest::read(&Form::read(&request.body));
        let asked = link_request::ask(simulator, links, &hand_off, &link_request).await;
        Ok(match asked {
            Ok(link) => {
                self.sessions.keep_service_account(&session, &link);
                redirect_303(&link.url)
            }
            Err(no_link) => grant_pages::no_link(simulator, &no_link),
        })
    }
}
