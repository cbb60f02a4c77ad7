//! Lists that come in pages.

use marketplace::ProviderId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    UnusableResource,
    fields::{list, optional},
    resource::{Resource, parse},
};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePage<R> {
    /// What could be used of it.
    pub resources: Vec<R>,
    /// What could not: one bad resource does not hide the others.
    pub unusable: Vec<UnusableResource>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<PageToken>,
}

/// Where a page begins. It can be kept, to go on there later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(String);

/// A page as it is on the wire. Empty lists are left out there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    #[serde(
        default,
        alias = "accounts",
        alias = "entitlements",
        deserialize_with = "list"
    )]
    pub(crate) resources: Vec<Value>,
    #[serde(default, deserialize_with = "optional")]
    pub(crate) next_page_token: Option<PageToken>,
}

impl PageToken {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a page, resource by resource.
pub(crate) fn read<R: Resource>(listed: Listed, provider: &ProviderId) -> ResourcePage<R> {
    let mut page = ResourcePage {
        resources: Vec::with_capacity(listed.resources.len()),
        unusable: Vec::new(),
        next: listed.next_page_token,
    };
    for json in listed.resources {
        match parse(&json, provider) {
            Ok(resource) => page.resources.push(resource),
            Err(error) => page.unusable.push(error),
        }
    }
    page
}
