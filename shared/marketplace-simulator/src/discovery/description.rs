//! The documents themselves, for clients that are built from them.
//!
//! Source: `https://{api}.googleapis.com/$discovery/rest?version={version}`, as
//! `google-api-python-client` asks for it. No credential is needed for it.

use serde_json::Value;

use super::{TEXTS, documents};

/// Whether a path (segments below the host) is that of the host's document.
pub(crate) fn is_description(path: &[String]) -> bool {
    matches!(path, [first, second] if first == "$discovery" && second == "rest")
}

/// The document of this host in the version that the query asks for, if there is one. Its addresses are
/// those of the simulator at this origin.
pub(crate) fn description(host: &str, query: &str, origin: &str) -> Option<String> {
    let mut known = documents().iter().zip(TEXTS);
    let (document, text) = known.find(|(document, _)| document.host() == host)?;
    let version = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "version");
    if version.is_some_and(|(_, version)| version != document.version) {
        return None;
    }
    let mut description: Value = serde_json::from_str(text).ok()?;
    let members = description.as_object_mut()?;
    let root = format!("{origin}/{host}/");
    let path = members.get("servicePath").and_then(Value::as_str);
    let base = format!("{root}{}", path.unwrap_or_default());
    for (name, address) in [
        ("rootUrl", &root),
        ("mtlsRootUrl", &root),
        ("baseUrl", &base),
    ] {
        members.insert(name.to_owned(), address.as_str().into());
    }
    Some(format!("{description:#}\n"))
}
