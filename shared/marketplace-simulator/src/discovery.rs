//! What Google's discovery documents say about a request.
//!
//! An API joins by one line in [`documents`], with its file in `discovery/`. [`check()`] then finds the
//! method a request means and compares query and body with what is documented. [`description()`] serves the
//! documents themselves.

mod check;
mod description;
mod document;
mod schema;
mod template;

use std::sync::LazyLock;

pub(crate) use check::{Operation, Unchecked, check};
pub(crate) use description::{description, is_description};
#[cfg(test)]
pub(crate) use schema::check_answer;

use document::Document;

const TEXTS: [&str; 16] = [
    include_str!("../discovery/cloudcommerceprocurement.v1.json"),
    include_str!("../discovery/iamcredentials.v1.trimmed.json"),
    include_str!("../discovery/iam.v1.trimmed.json"),
    include_str!("../discovery/servicecontrol.v1.json"),
    include_str!("../discovery/oauth2.v2.trimmed.json"),
    include_str!("../discovery/pubsub.v1.trimmed.json"),
    include_str!("../discovery/run.v2.trimmed.json"),
    include_str!("../discovery/cloudscheduler.v1.trimmed.json"),
    include_str!("../discovery/firestore.v1.trimmed.json"),
    include_str!("../discovery/monitoring.v3.trimmed.json"),
    include_str!("../discovery/logging.v2.trimmed.json"),
    include_str!("../discovery/cloudresourcemanager.v1.trimmed.json"),
    include_str!("../discovery/cloudbilling.v1.trimmed.json"),
    include_str!("../discovery/compute.v1.trimmed.json"),
    include_str!("../discovery/orgpolicy.v2.trimmed.json"),
    include_str!("../discovery/serviceusage.v1.trimmed.json"),
];

/// The document of this host, if the simulator has one.
pub(crate) fn document(host: &str) -> Option<&'static Document> {
    documents().iter().find(|document| document.host() == host)
}

fn documents() -> &'static [Document] {
    static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| TEXTS.map(Document::parse).into());
    &DOCUMENTS
}
