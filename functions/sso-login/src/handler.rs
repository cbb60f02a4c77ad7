//! Routes.
//!
//! | route | does |
//! |---|---|
//! | `POST /login` | the Marketplace's form post: verifies the token; then the steps, or the hand-off |
//! | `GET /login` | a login without SSO: on to the application's own login |
//! | `GET /login/callback` | the browser comes back from Google sign-in; then the choice, or the hand-off |
//! | `GET /login/sign-in` | Google sign-in once more, with the account chooser |
//! | `GET /login/orders` | lists the orders of a customer who has several |
//! | `POST /login/orders` | takes the choice; then the hand-off |

use customer_entry::{
    Answering, Entrant, EntrySettings, GoogleSignIn, HandOver, Landings, Signer, land, pages,
};
use function_runtime::{Failure as _, Outcome, Rejection, Request, Response, redirect_303};
use google_calls::{Credentials, Http};
use http::Method;
use marketplace::Products;
use store::{Purpose, Store};
use verification::{KeySet, MarketplaceVerifier};

use crate::choose;
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::records::{Visit, Wish};
use crate::sign_in;

/// The name of this function in cookies.
const FUNCTION: &str = "login";

/// Login.
pub struct Handler {
    pub(crate) verifier: MarketplaceVerifier,
    pub(crate) store: Store,
    pub(crate) landings: Landings,
    pub(crate) hand_over: HandOver,
    pub(crate) sign_in: Option<GoogleSignIn>,
    pub(crate) entry: EntrySettings,
    pub(crate) products: Products,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let Config {
        base,
        entry,
        products,
        ..
    } = config;
    let http = Http::new();
    let credentials = Credentials::new(&base.google);
    let keys = KeySet::marketplace(&base.google, http.clone());
    let signer = Signer::new(&base.google, entry.hand_off_signer.clone(), credentials);
    let landings = Landings::new(FUNCTION, Purpose::Login, store.clone());
    let sign_in = GoogleSignIn::of(&entry, &base, (http, landings.clone()), sign_in::PATHS);
    Handler {
        verifier: MarketplaceVerifier::new(keys, entry.audiences.clone()),
        store,
        hand_over: HandOver::new(&entry, landings.clone(), signer),
        landings,
        sign_in,
        entry,
        products,
    }
}

impl Handler {
    async fn arrive(&self, request: Request) -> Result<Response, Error> {
        let at = request.at();
        let Request { headers, body, .. } = request;
        let customer = land(&self.verifier, &headers, &body, (at.now, at.deadline))
            .await
            .map_err(Kind::Landing)?;
        let account = customer.account().clone();
        let entrant = Entrant::admit(customer, &self.entry.accepted_roles)
            .map_err(|error| Kind::Landing(error).about(&account))?;
        let visit = Visit {
            entrant,
            session: None,
            answering: Answering::Navigation,
            wish: Wish::Unasked,
        };
        let entered = Box::pin(self.enter(&visit, at)).await;
        entered.map_err(|kind| kind.about(&account))
    }

    /// The application knows its users without the Marketplace too. Nothing of the request counts.
    fn without_sso(&self) -> Response {
        let mut response = redirect_303(self.entry.application_login.as_str());
        response.extensions_mut().insert(Outcome {
            name: "without-sso",
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
            ("/login", &Method::POST) => self.arrive(request).await,
            ("/login", _) if get => Ok(self.without_sso()),
            ("/login", _) => Err(Kind::Method("GET, HEAD, POST").into()),
            (choose::PATH, &Method::POST) => self.take_order(request).await,
            (choose::PATH, _) if get => self.show_orders(request).await,
            (choose::PATH, _) => Err(Kind::Method("GET, HEAD, POST").into()),
            // A HEAD must not use up a code of Google's.
            (sign_in::CALLBACK, &Method::GET) => self.called_back(request).await,
            (sign_in::AGAIN, &Method::GET) => self.sign_in_again(request).await,
            (sign_in::CALLBACK | sign_in::AGAIN, _) if self.sign_in.is_some() => {
                Err(Kind::Method("GET").into())
            }
            _ => Err(Kind::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(
            self.verifier.warm_up(),
            self.store.warm_up(),
            self.hand_over.warm_up(),
            async {
                if let Some(sign_in) = &self.sign_in {
                    sign_in.warm_up().await;
                }
            },
        );
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        pages::rejection(&self.entry.branding, rejection)
    }
}
