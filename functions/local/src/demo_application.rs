//! A vendor's application, as small as one can be that receives customers properly.
//!
//! | route | does |
//! |---|---|
//! | `POST /app/signup`, `POST /app/login` | verifies the hand-off, then on to `/app/` |
//! | `GET /app/` | opens the session of the customer who arrived, or shows the open one |
//! | `GET /app/support` | where a real vendor would help |
//! | `POST /app/switch` | the answer to "somebody else is signed in here" |
//! | `POST /app/sign-out` | ends the session |
//! | `POST /app/events` | keeps what Portico publishes, pushed by Pub/Sub; of a deletion, erases |
//! | `GET /app/events` | shows the events of all customers, each beside the push in which it came |
//! | `POST /app/grant` | asks Portico for a link to Google's page, and sends the browser there |
//! | `GET /app/granted` | the browser is back: shows what was granted |
//! | `POST /app/use` | the customer uses something: writes it down, and records it with Portico |
//! | `POST /app/use-again` | records everything of an order once more |
//! | `GET /app/application.css` | its style; script and pictures are the Marketplace's |
//!
//! The hand-off is a post from another site, with which browsers send no `SameSite=Lax` cookie. So it
//! is verified and consumed there, and the session is opened by the page that follows, which sees
//! the cookies.

mod access_chip;
mod cloud_event;
mod event_pages;
mod grant_pages;
mod hand_off;
mod link_request;
mod message_page;
mod order_states;
mod portico_calls;
mod raw_push;
mod received_events;
mod received_push;
mod session_pages;
mod sessions;
mod usage;

use std::future::Future;
use std::pin::Pin;

use function_runtime::{Request, Response, redirect_303};
use http::{HeaderValue, Method, StatusCode, header};
use marketplace_simulator::{Pages, Simulator};
use marketplace_website::ProgramEndpoint;
use marketplace_website::page::{self, Form, Refusal, cookie};

use cloud_event::CloudEvent;
use grant_pages::GrantedAccess;
use hand_off::HandOff;
use message_page::{Notice, message};
use received_events::ReceivedEvents;
use received_push::Refused;
use session_pages::Visit;
use sessions::{Arrival, Arrived, Sessions};
use usage::Usage;

const SESSION: &str = "demo-session";
const ARRIVAL: &str = "demo-arrival";

const CSS: &str = include_str!("../templates/application/application.css");

/// What of Portico the demo application calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PorticoEndpoints {
    /// Where it asks for service account links; without it, it has no *Grant access*.
    pub service_account_links: Option<ProgramEndpoint>,
    /// Where it records usage; without it, there is nothing to use in it.
    pub usage: Option<ProgramEndpoint>,
}

/// The demo application, below `/app` of the simulator's address: what it knows is gone with the process.
pub struct DemoApplication {
    links: Option<ProgramEndpoint>,
    sessions: Sessions,
    received: ReceivedEvents,
    usage: Usage,
}

impl DemoApplication {
    /// The application that calls Portico there.
    pub fn new(portico: PorticoEndpoints) -> Self {
        Self {
            links: portico.service_account_links,
            sessions: Sessions::default(),
            received: ReceivedEvents::default(),
            usage: Usage::new(portico.usage),
        }
    }

    /// Has what is published to the vendor's topics pushed to the application, which shows it.
    pub fn subscribe(simulator: &Simulator) {
        received_push::subscribe(simulator);
    }

    /// Whether this path is one of the application's.
    pub(crate) fn has(path: &str) -> bool {
        page::segments(path).first() == Some(&"app")
    }

    fn answer(&self, simulator: &Simulator, request: &Request) -> Result<Response, Refusal> {
        if let Some(elsewhere) = page::own_address(simulator, request) {
            return Ok(redirect_303(&elsewhere));
        }
        let segments = page::segments(request.path());
        match (&request.method, segments.get(1..).unwrap_or_default()) {
            (&Method::POST, ["signup" | "login"]) => Ok(self.receive_hand_off(simulator, request)),
            (&Method::GET, ["" | "signup" | "login"] | []) => Ok(self.home(simulator, request)),
            (&Method::POST, ["events"]) => Ok(self.receive_event(simulator, request)),
            (&Method::GET, ["events"]) => {
                Ok(event_pages::events(simulator, request, self.received.all()))
            }
            (&Method::GET, ["granted"]) => Ok(self.granted(simulator, request)),
            (&Method::GET, ["support"]) => Ok(message(simulator, Notice::Support)),
            (&Method::POST, ["switch"]) => {
                page::check_origin(simulator, request)?;
                Ok(self.switch(request))
            }
            (&Method::POST, ["sign-out"]) => {
                page::check_origin(simulator, request)?;
                self.sessions.end(&cookie(&request.headers, SESSION));
                Ok(with_cookie(home_again(), SESSION, ""))
            }
            (&Method::GET, ["application.css"]) => Ok(page::asset("text/css; charset=utf-8", CSS)),
            _ => Err(Refusal::NOT_FOUND),
        }
    }

    fn granted(&self, simulator: &Simulator, request: &Request) -> Response {
        let session = cookie(&request.headers, SESSION);
        match self.sessions.find(&session) {
            Some(hand_off) => {
                grant_pages::granted(simulator, request, &self.access(simulator, &hand_off))
            }
            None => message(simulator, Notice::NotSignedIn),
        }
    }

    /// What the customer has granted so far.
    fn access(&self, simulator: &Simulator, hand_off: &HandOff) -> GrantedAccess {
        let email = self.sessions.service_account(&hand_off.claims.sub);
        GrantedAccess::of(simulator, email)
    }

    /// The same, if the customer may grant more.
    fn offer(
        &self,
        simulator: &Simulator,
        hand_off: &HandOff,
        events: &[CloudEvent],
    ) -> Option<GrantedAccess> {
        let is_live = access_chip::now(hand_off, events) == "live";
        (self.links.is_some() && is_live).then(|| self.access(simulator, hand_off))
    }

    /// Verifies and consumes the hand-off, and remembers who arrived.
    fn receive_hand_off(&self, simulator: &Simulator, request: &Request) -> Response {
        let form = Form::read(&request.body);
        let unverified_token = form.value("portico-token");
        let Ok(hand_off) = HandOff::verify(simulator, unverified_token, request.now) else {
            return message(simulator, Notice::Refused);
        };
        let account = hand_off.claims.sub.clone();
        let arrival = self.sessions.consume(hand_off, request.now);
        // Checked afterwards: a deletion that is received from here on finds the arrival and erases it.
        if self.received.has_erased(&account) {
            self.sessions.erase(&account);
            return message(simulator, Notice::Erased);
        }
        with_cookie(home_again(), ARRIVAL, &arrival)
    }

    /// Verifies and keeps an event. What cannot be read will not be readable next time either, but a
    /// message that is refused is seen by the operators of the subscription.
    fn receive_event(&self, simulator: &Simulator, request: &Request) -> Response {
        let status = match received_push::receive(simulator, request) {
            Ok(event) => {
                if event.erases() {
                    let end_sessions = |account: &str| {
                        self.usage.erase(account);
                        self.sessions.erase(account)
                    };
                    self.received.erase(event, end_sessions);
                } else {
                    self.received.keep(event);
                }
                StatusCode::NO_CONTENT
            }
            Err(Refused::Stranger) => StatusCode::UNAUTHORIZED,
            Err(Refused::Unreadable) => StatusCode::BAD_REQUEST,
        };
        function_runtime::status(status)
    }

    fn home(&self, simulator: &Simulator, request: &Request) -> Response {
        let arrival = cookie(&request.headers, ARRIVAL);
        let session = cookie(&request.headers, SESSION);
        match self.sessions.arrived(&arrival, &session) {
            Arrived::Welcome => self.open(&arrival, &session),
            Arrived::SomebodyElse { current, arriving } => {
                session_pages::switch(simulator, &current, &arriving)
            }
            Arrived::AlreadyHere => with_cookie(home_again(), ARRIVAL, ""),
            Arrived::UsedUp => with_cookie(message(simulator, Notice::Refused), ARRIVAL, ""),
            Arrived::Nobody => match self.sessions.find(&session) {
                Some(hand_off) => {
                    let account = hand_off.claims.sub.as_str();
                    let events = self.received.of(account);
                    let visit = Visit {
                        offer: self.offer(simulator, &hand_off, &events),
                        usage: self.usage.cards(simulator, account, &events),
                        hand_off: &hand_off,
                        events: &events,
                    };
                    session_pages::home(simulator, request, visit)
                }
                None if self.sessions.was_erased(&[&session, &arrival]) => {
                    message(simulator, Notice::Erased)
                }
                None => message(simulator, Notice::NotSignedIn),
            },
        }
    }

    fn switch(&self, request: &Request) -> Response {
        let arrival = cookie(&request.headers, ARRIVAL);
        let session = cookie(&request.headers, SESSION);
        if Form::read(&request.body).value("answer") == "switch" {
            return self.open(&arrival, &session);
        }
        self.sessions.forget(&arrival);
        with_cookie(home_again(), ARRIVAL, "")
    }

    /// Opens a session under a new id for the customer who arrived; the one before ends.
    fn open(&self, arrival: &str, session: &str) -> Response {
        let response = match self.sessions.open(arrival, session) {
            Some(opened) => with_cookie(home_again(), SESSION, &opened),
            None => home_again(),
        };
        with_cookie(response, ARRIVAL, "")
    }
}

impl Pages for DemoApplication {
    fn handle<'a>(
        &'a self,
        simulator: &'a Simulator,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Response> + Send + 'a>> {
        Box::pin(async move {
            // Only these requests wait for Portico.
            if let Some(answered) = self.call(simulator, &request).await {
                return answered.unwrap_or_else(|refusal| page::refusal(&refusal));
            }
            let answer = || self.answer(simulator, &request);
            page::answer_when_changed(simulator, &request, Some(self.usage.changes()), answer).await
        })
    }
}

fn home_again() -> Response {
    redirect_303("/app/")
}

/// Sets a cookie, or removes it if the value is empty. It is not `Secure`, since not every browser
/// takes such a cookie from plain HTTP on this machine; an application on the web must say so.
fn with_cookie(mut response: Response, name: &str, value: &str) -> Response {
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{name}={value}; Path=/app; HttpOnly; SameSite=Lax{age}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

impl Arrival {
    /// Whether it is the same person of the same customer.
    fn is_of(&self, hand_off: &HandOff) -> bool {
        match self {
            Self::New(arriving) => arriving.is_same_person(hand_off),
            Self::Again(jti) => *jti == hand_off.claims.jti,
        }
    }
}
