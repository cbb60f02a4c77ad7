//! Finds the documented method that a request means, and checks the request against it.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use serde_json::{Map, Value};

use super::document::{self, Document};
use super::schema::{check_body, text_fits};
use crate::google_error::GoogleError;

/// Query parameters that Google's own clients send and no discovery document lists.
///
/// `$alt=json;enum-encoding=int` comes from the official Rust clients; `$.xgafv` is documented and
/// stands here for its kind.
const UNDOCUMENTED_PARAMETERS: [&str; 3] = ["$alt", "$fields", "$prettyPrint"];

/// A request to an API, before anything is known of it.
pub(crate) struct Unchecked<'a> {
    pub(crate) method: &'a Method,
    /// Segments of the path below the host, decoded.
    pub(crate) path: &'a [String],
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
}

/// A request that fits a documented method.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operation {
    /// Such as `cloudcommerceprocurement.providers.accounts.approve`.
    pub(crate) id: &'static str,
    pub(crate) template: String,
    pub(crate) variables: Vec<String>,
    pub(crate) query: BTreeMap<String, String>,
    /// The body; an empty object if there is none.
    pub(crate) body: Value,
}

impl Operation {
    pub(crate) fn variable(&self, index: usize) -> &str {
        self.variables.get(index).map_or("", String::as_str)
    }

    /// A text of the body's top level; empty texts are absent ones, as everywhere in proto JSON.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        let text = self.body.get(field)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// A query parameter that is not empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// What the request means, or how Google refuses it.
pub(crate) fn check(
    document: &'static Document,
    request: &Unchecked<'_>,
) -> Result<Operation, GoogleError> {
    let (method, variables) = find(document, request).ok_or_else(GoogleError::method_not_found)?;
    let query = query(document, method, request.query).map_err(GoogleError::invalid_argument)?;
    let body = body(document, method, request).map_err(GoogleError::invalid_argument)?;
    Ok(Operation {
        id: &method.id,
        template: format!("{}{}", document.service_path, method.template()),
        variables,
        query,
        body,
    })
}

fn find(
    document: &'static Document,
    request: &Unchecked<'_>,
) -> Option<(&'static document::Method, Vec<String>)> {
    let path = below(&document.service_path, request.path)?;
    document
        .methods()
        .into_iter()
        .filter(|method| method.verb == request.method.as_str())
        .find_map(|method| Some((method, method.template().variables(path)?)))
}

/// The segments below the path that all methods of an API share.
fn below<'a>(service_path: &str, mut path: &'a [String]) -> Option<&'a [String]> {
    for shared in service_path.split_terminator('/') {
        let (first, rest) = path.split_first()?;
        if first != shared {
            return None;
        }
        path = rest;
    }
    Some(path)
}

fn query(
    document: &Document,
    method: &document::Method,
    text: &str,
) -> Result<BTreeMap<String, String>, String> {
    let mut given = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if !UNDOCUMENTED_PARAMETERS.contains(&name.as_ref()) {
            let own = method.parameters.get(name.as_ref());
            let own = own.filter(|schema| schema.location.as_deref() == Some("query"));
            let Some(schema) = own.or(document.parameters.get(name.as_ref())) else {
                return Err(format!(
                    "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query \
                     parameter."
                ));
            };
            if !value.is_empty() && !text_fits(schema, &value) {
                return Err(format!("Invalid value at query parameter '{name}'."));
            }
            if !schema.repeated && given.contains_key(name.as_ref()) {
                return Err(format!("Query parameter '{name}' is given more than once."));
            }
        }
        given.insert(name.into_owned(), value.into_owned());
    }
    let missing = method.parameters.iter().find(|(name, schema)| {
        schema.location.as_deref() == Some("query")
            && schema.is_required()
            && !given.contains_key(*name)
    });
    match missing {
        Some((name, _)) => Err(format!("Missing required query parameter: {name}")),
        None => Ok(given),
    }
}

fn body(
    document: &Document,
    method: &document::Method,
    request: &Unchecked<'_>,
) -> Result<Value, String> {
    let Some(schema) = &method.request else {
        if request.body.is_empty() {
            return Ok(Value::Object(Map::new()));
        }
        return Err("This method takes no body.".to_owned());
    };
    let body = if request.body.is_empty() {
        Value::Object(Map::new())
    } else if is_json(request.headers) {
        serde_json::from_slice(request.body)
            .map_err(|error| format!("Invalid JSON payload received. {error}"))?
    } else {
        return Err("Content-Type must be application/json.".to_owned());
    };
    check_body(document, &schema.name, &body)?;
    Ok(body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}
