//! Routes.
//!
//! | route | who may call | does |
//! |---|---|---|
//! | `POST /service-account-links` | `CALLERS` | answers a link to Google's page for the customer's service account |

use callers::verified;
use function_runtime::{Outcome, Rejection, Request, Response, json, problem};
use google_calls::{Credentials, Http};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use marketplace::service_account_page::Registration;
use marketplace::{GoogleOrigin, Products};
use serde_json::Value;
use service_accounts::ServiceAccounts;
use store::Store;
use verification::{IdentityVerifier, KeySet};

use crate::body::Body;
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::naming::Naming;
use crate::provide::{How, Provided, Trust, Wish};
use crate::rejections::{PERMISSION_MISSING, QUOTA_EXHAUSTED};

/// Stands beside the link of an account that was just made.
const NEW_ACCOUNT: &str = "The service account is new. Google may not know it everywhere for a minute \
    or more: repeat calls about it that are answered 400, 403 or 404.";

/// Service account links.
pub struct Handler {
    callers: IdentityVerifier,
    google: GoogleOrigin,
    registration: Registration,
    pub(crate) naming: Naming,
    pub(crate) products: Products,
    pub(crate) store: Store,
    pub(crate) service_accounts: ServiceAccounts,
}

/// Puts the function together.
pub fn build(config: Config, store: Store) -> Handler {
    let google = config.base.google;
    let keys = KeySet::google_identity(&google, Http::new());
    Handler {
        callers: IdentityVerifier::new(keys, config.audience, config.callers),
        naming: Naming::new(config.project, config.registration.service().clone()),
        registration: config.registration,
        products: config.products,
        store,
        service_accounts: ServiceAccounts::new(&google, Credentials::new(&google)),
        google,
    }
}

impl Handler {
    async fn link(&self, request: &Request) -> Result<Response, Error> {
        verified(&self.callers, request).await.map_err(Kind::from)?;
        let body = Body::parse(&request.body).map_err(Kind::from)?;
        self.link_for(&body, request).await.map_err(|kind| Error {
            kind,
            account: Some(body.account.clone()),
        })
    }

    async fn link_for(&self, body: &Body, request: &Request) -> Result<Response, Kind> {
        let parameters = body.parameters(&self.registration)?;
        let provided = self
            .provide(Wish {
                account: &body.account,
                user: &body.user,
                trust: trust(request),
                now: request.now,
                deadline: request.deadline,
            })
            .await?;
        let page = self.registration.page(provided.email.clone(), parameters);
        let url = self.google.https(page.host().as_str(), &page.path());
        let mut response = json(StatusCode::OK, &answer(&url, &provided));
        response.extensions_mut().insert(Outcome {
            name: match provided.how {
                How::Known => "link-given",
                How::Created => "service-account-created",
                How::Enabled => "service-account-enabled",
            },
            account: Some(body.account.clone()),
        });
        Ok(response)
    }

    /// The problem document with one extension member more: the project that an operator must look at.
    fn problem_in_project(&self, rejection: &Rejection) -> Response {
        let document = serde_json::json!({
            "type": "about:blank",
            "title": rejection.status.canonical_reason(),
            "status": rejection.status.as_u16(),
            "detail": rejection.message,
            "code": rejection.code,
            "project": self.naming.project(),
        });
        let mut response = json(rejection.status, &document);
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        response
    }
}

impl function_runtime::Handler for Handler {
    type Error = Error;

    async fn handle(&self, request: Request) -> Result<Response, Error> {
        match (request.path(), &request.method) {
            ("/service-account-links", &Method::POST) => Box::pin(self.link(&request)).await,
            ("/service-account-links", _) => Err(Kind::Method.into()),
            _ => Err(Kind::NotFound.into()),
        }
    }

    async fn warm_up(&self) {
        tokio::join!(self.callers.warm_up(), self.store.warm_up());
    }

    fn render(&self, rejection: &Rejection, _path: &str) -> Response {
        match rejection.code {
            PERMISSION_MISSING | QUOTA_EXHAUSTED => self.problem_in_project(rejection),
            _ => problem(rejection),
        }
    }
}

/// `Cache-Control: no-cache` asks any server not to answer from what it has stored (RFC 9111, 5.2.1.4).
fn trust(request: &Request) -> Trust {
    let wishes = request.header(CACHE_CONTROL.as_str()).unwrap_or_default();
    let is_wish = |wish: &str| wish.trim().eq_ignore_ascii_case("no-cache");
    if wishes.split(',').any(is_wish) {
        Trust::OnlyGoogle
    } else {
        Trust::Stored
    }
}

fn answer(url: &str, provided: &Provided) -> Value {
    let is_new = provided.how == How::Created;
    let mut answer = serde_json::json!({
        "url": url,
        "service_account": provided.email.as_str(),
        "created": is_new,
    });
    if let (true, Value::Object(members)) = (is_new, &mut answer) {
        members.insert("note".to_owned(), NEW_ACCOUNT.into());
    }
    answer
}
