//! The client.

use std::sync::Arc;

use google_calls::GoogleApi;
use marketplace::{Deadline, GoogleOrigin, ProviderId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    PageToken, ProcurementError, ResourcePage, UnusableResource,
    page::{self, Listed},
    resource::{Resource, parse},
};

const HOST: &str = "cloudcommerceprocurement.googleapis.com";

/// Resources asked for in one page: the largest that accounts allow, the default of entitlements.
const PAGE_SIZE: &str = "200";

/// Longest reason, in bytes. Google cuts longer ones, wherever that falls.
const REASON_LIMIT: usize = 256;

/// A client of the Partner Procurement API for one provider. Cheap to make and to clone.
#[derive(Clone, Debug)]
pub struct Procurement {
    api: GoogleApi,
    provider: ProviderId,
    /// Address of the provider, `…/v1/providers/{provider}`.
    base: Arc<str>,
}

/// The answer of a call that only does something.
#[derive(Deserialize)]
struct Done {}

impl Procurement {
    /// A client that has done nothing yet.
    pub fn new(origin: &GoogleOrigin, provider: ProviderId, api: GoogleApi) -> Self {
        let base = origin.https(
            HOST,
            &format!("/v1/providers/{}", provider.percent_encoded()),
        );
        Self {
            api,
            provider,
            base: base.into(),
        }
    }

    /// Builds the HTTP client and fetches the access token ahead of their first use.
    pub async fn warm_up(&self) {
        self.api.warm_up().await;
    }

    /// Reads one resource.
    pub(crate) async fn resource<R: Resource>(
        &self,
        id: &R::Id,
        deadline: Deadline,
    ) -> Result<R, ProcurementError> {
        let json: Value = self.api.get(&self.address::<R>(id, ""), deadline).await?;
        let resource: R = parse(&json, &self.provider)?;
        if resource.id() != id {
            return Err(UnusableResource::OtherResource.into());
        }
        Ok(resource)
    }

    /// Reads one page of a list.
    pub(crate) async fn page<R: Resource>(
        &self,
        after: Option<&PageToken>,
        deadline: Deadline,
    ) -> Result<ResourcePage<R>, ProcurementError> {
        let listed = self.listed::<R>("", after, deadline).await?;
        Ok(page::read(listed, &self.provider))
    }

    /// As [`page`](Self::page), filtered by Google if `filter` is not empty, and not parsed yet.
    pub(crate) async fn listed<R: Resource>(
        &self,
        filter: &str,
        after: Option<&PageToken>,
        deadline: Deadline,
    ) -> Result<Listed, ProcurementError> {
        let (base, collection, query) = (&self.base, R::COLLECTION, list_query(filter, after));
        let url = format!("{base}/{collection}?{query}");
        Ok(self.api.get(&url, deadline).await?)
    }

    /// Does something to a resource by its custom method `verb`.
    pub(crate) async fn act<R: Resource>(
        &self,
        id: &R::Id,
        verb: &str,
        body: &(impl Serialize + Sync),
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let url = self.address::<R>(id, &format!(":{verb}"));
        let Done {} = self.api.post(&url, body, deadline).await?;
        Ok(())
    }

    /// Changes the one field of a resource that `body` holds.
    pub(crate) async fn update<R: Resource>(
        &self,
        id: &R::Id,
        field: &str,
        body: &(impl Serialize + Sync),
        deadline: Deadline,
    ) -> Result<(), ProcurementError> {
        let url = self.address::<R>(id, &format!("?updateMask={field}"));
        let Done {} = self.api.patch(&url, body, deadline).await?;
        Ok(())
    }

    /// The provider whose accounts and orders these are.
    pub fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// The id is percent-encoded: a colon in it begins no custom method.
    fn address<R: Resource>(&self, id: &R::Id, rest: &str) -> String {
        format!("{}/{}/{}{rest}", self.base, R::COLLECTION, R::segment(id))
    }
}

/// The part of a reason that Google keeps, cut between characters.
pub(crate) fn reason(text: &str) -> &str {
    text.get(..text.floor_char_boundary(REASON_LIMIT))
        .unwrap_or(text)
}

/// The query of a list call. A function of its own, because the serializer may not be held while
/// the call is awaited.
fn list_query(filter: &str, after: Option<&PageToken>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("pageSize", PAGE_SIZE);
    if !filter.is_empty() {
        query.append_pair("filter", filter);
    }
    if let Some(token) = after {
        query.append_pair("pageToken", token.as_str());
    }
    query.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        assert_eq!(reason("no contract"), "no contract");
        assert_eq!(reason(&"ä".repeat(200)), "ä".repeat(128));
        assert_eq!(reason(&format!("x{}", "ä".repeat(200))).len(), 255);
    }
}
