//! A discovery document, as far as requests are checked against it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::template::Template;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    root_url: String,
    /// Below the root, what all paths begin with: `compute/v1/`; of most APIs nothing.
    #[serde(default)]
    pub(super) service_path: String,
    /// Such as `v1`.
    pub(super) version: String,
    pub(super) parameters: BTreeMap<String, Schema>,
    pub(super) schemas: BTreeMap<String, Schema>,
    #[serde(default)]
    resources: BTreeMap<String, Resource>,
}

#[derive(Debug, Deserialize)]
struct Resource {
    #[serde(default)]
    methods: BTreeMap<String, Method>,
    #[serde(default)]
    resources: BTreeMap<String, Resource>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Method {
    /// Such as `cloudcommerceprocurement.providers.accounts.approve`.
    pub(crate) id: String,
    #[serde(rename = "httpMethod")]
    pub(super) verb: String,
    flat_path: Option<Template>,
    path: Template,
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, Schema>,
    pub(super) request: Option<Reference>,
    #[cfg(test)]
    pub(super) response: Option<Reference>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(rename = "$ref")]
    pub(super) name: String,
}

/// A type: of a body, of one of its fields, or of a parameter.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    #[serde(rename = "$ref")]
    pub(super) reference: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) format: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    #[serde(rename = "enum")]
    pub(super) values: Option<Vec<String>>,
    #[serde(default)]
    pub(super) properties: BTreeMap<String, Schema>,
    pub(super) additional_properties: Option<Box<Schema>>,
    pub(super) items: Option<Box<Schema>>,
    pub(super) location: Option<String>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) repeated: bool,
}

impl Document {
    #[expect(clippy::expect_used, reason = "the documents are files of this crate")]
    pub(super) fn parse(text: &str) -> Self {
        serde_json::from_str(text).expect("a discovery document of this crate can be read")
    }

    pub(crate) fn host(&self) -> &str {
        self.root_url
            .trim_start_matches("https://")
            .trim_end_matches('/')
    }

    pub(super) fn methods(&self) -> Vec<&Method> {
        let mut found = Vec::new();
        let mut open: Vec<&Resource> = self.resources.values().collect();
        while let Some(resource) = open.pop() {
            found.extend(resource.methods.values());
            open.extend(resource.resources.values());
        }
        found
    }

    pub(super) fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.get(name)
    }
}

impl Method {
    /// Such as `v1/providers/{providersId}/accounts/{accountsId}:approve`. Old documents say it only
    /// where it differs from the path.
    pub(super) fn template(&self) -> &Template {
        self.flat_path.as_ref().unwrap_or(&self.path)
    }
}

impl Schema {
    /// Whether a request without this field is refused: the documents say so only in words.
    pub(super) fn is_required(&self) -> bool {
        self.required || self.description.starts_with("Required.")
    }
}
