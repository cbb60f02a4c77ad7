//! `POST /service-account-links`: from the request to its answer.

use callers::verified;
use function_runtime::{Failure as _, Request, Response, json, with_outcome};
use http::StatusCode;
use serde_json::Value;

use crate::body::LinkBody;
use crate::error::{Error, LinkFault};
use crate::find_or_create::{Effect, Provided};
use crate::handler::Handler;
use crate::link_request::LinkRequest;

/// Stands beside the link of an account that was just made.
const NEW_ACCOUNT: &str = "The service account is new. Google may not know it everywhere for a minute \
    or more: repeat calls about it that are answered 400, 403 or 404.";

impl Handler {
    pub(crate) async fn link(&self, request: &Request) -> Result<Response, Error> {
        verified(&self.callers, request)
            .await
            .map_err(LinkFault::from)?;
        let body = LinkBody::parse(&request.body).map_err(LinkFault::from)?;
        let linked = self.link_for(&body, request).await;
        linked.map_err(|fault| fault.about(&body.account))
    }

    async fn link_for(&self, body: &LinkBody, request: &Request) -> Result<Response, LinkFault> {
        let parameters = body.parameters(&self.registration)?;
        let provided = self.provide(LinkRequest::new(body, request)).await?;
        let page = self.registration.page(provided.email.clone(), parameters);
        let url = self.google.https(page.host().as_str(), &page.path());
        let response = json(StatusCode::OK, &answer(&url, &provided));
        let name = match provided.effect {
            Effect::None => "link-given",
            Effect::Created => "service-account-created",
            Effect::Enabled => "service-account-enabled",
        };
        Ok(with_outcome(response, name, &body.account))
    }
}

fn answer(url: &str, provided: &Provided) -> Value {
    let is_new = provided.effect == Effect::Created;
    let mut answer = serde_json::json!({
        "url": url,
        "service_account": provided.email.as_str(),
        "created": is_new,
    });
    if let (true, Some(members)) = (is_new, answer.as_object_mut()) {
        members.insert("note".to_owned(), NEW_ACCOUNT.into());
    }
    answer
}
