//! Parameters of a query or a form, by name.

use std::collections::BTreeMap;

use super::refusal::SignInRefused;

/// Parameters that are documented and given once. Empty ones count as absent.
#[derive(Debug)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text; only these names may occur.
    pub(crate) fn read(text: &[u8], known: &[&str]) -> Result<Self, SignInRefused> {
        let mut given = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            if !known.contains(&name.as_ref()) {
                let text = format!("Parameter not allowed for this message type: {name}");
                return Err(SignInRefused::invalid_request(text));
            }
            let before = given.insert(name.to_string(), value.into_owned());
            if before.is_some() {
                let text = format!("OAuth 2 parameters can only have a single value: {name}");
                return Err(SignInRefused::invalid_request(text));
            }
        }
        given.retain(|_, value| !value.is_empty());
        Ok(Self(given))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, SignInRefused> {
        self.value(name).ok_or_else(|| {
            SignInRefused::invalid_request(format!("Missing required parameter: {name}"))
        })
    }
}
