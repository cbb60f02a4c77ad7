//! Routes.
//!
//! | route | does |
//! |---|---|
//! | `POST /signup` | the Marketplace's form post: verifies the token; then the steps, or the hand-off |
//! | `GET /signup` | explains where a sign-up starts |
//! | `GET /signup/register` | the registration form of a landing |
//! | `POST /signup/register` | takes the form; then the hand-off |
//! | `GET /signup/callback` | back from Google sign-in; then the form, or the hand-off |
//! | `GET /signup/sign-in` | to Google, with the account chooser: another try |

use approval::Approvals;
use customer_entry::{
    Entrant, EntrySettings, GoogleSignIn, HandOver, Landings, Signer, land, pages,
};
use function_runtime::{Failure as _, Outcome, Rejection, Request, Response};
use google_calls::{Credentials, GoogleApi, Http};
use http::{Method, StatusCode};
use marketplace::At;
use outbox::Outbox;
use store::{Purpose, Store};
use verification::{KeySet, MarketplaceVerifier};

use crate::config::{Config, Mode};
use crate::error::{Error, Kind};
use crate::sign_in::PATHS;

/// Sign-up.
pub struct Handler {
    pub(crate) verifier: MarketplaceVerifier,
    pub(crate) store: Store,
    pub(crate) approvals: Approvals,
    pub(crate) landings: Landings,
    pub(crate) hand_over: HandOver,
    pub(crate) entry: EntrySettings,
    pub(crate) mode: Mode,
    pub(crate) sign_in: Option<GoogleSignIn>,
    pub(crate) outbox: Outbox,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let Config { base, entry, .. } = config;
    let http = Http::new();
    let credentials = Credentials::new(&base.google);
    let keys = KeySet::marketplace(&base.google, http.clone());
    let landings = Landings::new("signup", Purpose::Signup, store.clone());
    let signing_in = (http.clone(), landings.clone());
    let api = GoogleApi::new(http, credentials.clone());
    let (approvals, outbox) = config.approval.build(&store, &base.google, api);
    let signer = Signer::new(&base.google, entry.hand_off_signer.clone(), credentials);
    Handler {
        verifier: MarketplaceVerifier::new(keys, entry.audiences.clone()),
        approvals,
        sign_in: GoogleSignIn::of(&entry, &base, signing_in, PATHS),
        hand_over: HandOver::new(&entry, landings.clone(), signer),
        landings,
        store,
        entry,
        mode: config.mode,
        outbox,
    }
}

impl Handler {
    async fn arrive(&self, request: Request) -> Result<Response, Error> {
        let Request {
            headers,
            body,
            now,
            deadline,
            ..
        } = request;
        let customer = land(&self.verifier, &headers, &body, (now, deadline))
            .await
            .map_err(Kind::Landing)?;
        let account = customer.account().clone();
        let entrant = Entrant::admit(customer, &self.entry.accepted_roles)
            .map_err(|error| Kind::Landing(error).about(&account))?;
        let at = At { now, deadline };
        let arrived = match (&self.mode, &self.sign_in) {
            (Mode::Auto, None) => Box::pin(self.complete(entrant.into(), None, at)).await,
            _ => Box::pin(self.begin_or_complete(entrant, at)).await,
        };
        arrived.map_err(|kind| kind.about(&account))
    }

    fn explain(&self) -> Response {
        let branding = &self.entry.branding;
        let mut response = pages::message(
            branding,
            StatusCode::OK,
            "Registration starts in the Marketplace",
            "Choose a plan in Google Cloud Marketplace and press the register button there. It \
             brings you back here with everything we need.",
        );
        response.extensions_mut().insert(Outcome {
            name: "explained",
            account: None,
        });
        response
    }
}

impl function_runtime::Handler for Handler {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        let get = matches!(request.method, Method::GET | Method::HEAD);
        match (request.path(), &request.method) {
            ("/signup", &Method::POST) => self.arrive(request).await,
            ("/signup", _) if get => Ok(self.explain()),
            ("/signup", _) => Err(Kind::Method("GET, HEAD, POST").into()),
            (crate::register::PATH, &Method::POST) => self.take_form(request).await,
            (crate::register::PATH, _) if get => self.show_form(request).await,
            (crate::register::PATH, _) => Err(Kind::Method("GET, HEAD, POST").into()),
            (path, _) if path == PATHS.callback || path == PATHS.again => {
                self.sign_in(request).await
            }
            _ => Err(Kind::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        let sign_in = async {
            if let Some(sign_in) = &self.sign_in {
                sign_in.warm_up().await;
            }
        };
        tokio::join!(
            sign_in,
            self.verifier.warm_up(),
            self.store.warm_up(),
            self.approvals.warm_up(),
            self.hand_over.warm_up(),
        );
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        pages::rejection(&self.entry.branding, rejection)
    }
}
