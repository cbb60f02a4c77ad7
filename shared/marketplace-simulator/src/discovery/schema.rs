//! Compares JSON values with documented types, as Google's JSON front does.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::document::{Document, Schema};

/// Fields of bodies that Google's own clients send and no discovery document lists.
///
/// This one goes to `generateIdToken`, and makes `azp` the e-mail.
const UNDOCUMENTED_FIELDS: [&str; 1] = ["useEmailAzp"];

/// The first thing in a body that does not fit the named schema, in Google's words.
pub(super) fn check_body(document: &Document, name: &str, body: &Value) -> Result<(), String> {
    let Some(schema) = document.schema(name) else {
        return Err(format!("Unknown schema {name}."));
    };
    let checker = Checker { document };
    checker.value("", schema, body)?;
    for (field, schema) in &schema.properties {
        if schema.is_required() && body.get(field).is_none_or(Value::is_null) {
            return Err(format!("Missing required field: {field}"));
        }
    }
    Ok(())
}

/// The first thing in one of our own answers that the method's documented answer does not have.
#[cfg(test)]
pub(crate) fn check_answer(host: &str, method_id: &str, body: &Value) -> Result<(), String> {
    let document = super::document(host).ok_or("no document")?;
    let method = document.methods().into_iter().find(|m| m.id == method_id);
    let response = method
        .and_then(|m| m.response.as_ref())
        .ok_or("no method")?;
    let schema = document.schema(&response.name).ok_or("no schema")?;
    Checker { document }.value("", schema, body)
}

struct Checker<'a> {
    document: &'a Document,
}

impl Checker<'_> {
    fn value(&self, at: &str, schema: &Schema, value: &Value) -> Result<(), String> {
        // Proto JSON takes null for "not set".
        if value.is_null() {
            return Ok(());
        }
        if let Some(name) = &schema.reference {
            let Some(target) = self.document.schema(name) else {
                return Err(format!("Unknown schema {name}."));
            };
            return self.value(at, target, value);
        }
        match (schema.kind.as_deref(), value) {
            (Some("object"), Value::Object(fields)) => self.fields(at, schema, fields),
            (Some("array"), Value::Array(items)) => {
                let Some(item) = &schema.items else {
                    return Ok(());
                };
                items
                    .iter()
                    .enumerate()
                    .try_for_each(|(i, value)| self.value(&format!("{at}[{i}]"), item, value))
            }
            (Some("any"), _) => Ok(()),
            _ if scalar_fits(schema, value) => Ok(()),
            (kind, _) => Err(format!(
                "Invalid value at '{at}' (TYPE_{})",
                kind.unwrap_or("UNKNOWN").to_ascii_uppercase()
            )),
        }
    }

    fn fields(&self, at: &str, schema: &Schema, fields: &Map<String, Value>) -> Result<(), String> {
        let documented = fields
            .iter()
            .filter(|(name, _)| !UNDOCUMENTED_FIELDS.contains(&name.as_str()));
        for (name, value) in documented {
            let known = schema.properties.get(name);
            let Some(field) = known.or(schema.additional_properties.as_deref()) else {
                let at = if at.is_empty() {
                    String::new()
                } else {
                    format!(" at '{at}'")
                };
                return Err(format!(
                    "Invalid JSON payload received. Unknown name \"{name}\"{at}: Cannot find field."
                ));
            };
            let path = if at.is_empty() {
                name.clone()
            } else {
                format!("{at}.{name}")
            };
            self.value(&path, field, value)?;
        }
        Ok(())
    }
}

/// Whether a value that is neither object nor list has the documented type and format.
fn scalar_fits(schema: &Schema, value: &Value) -> bool {
    match (schema.kind.as_deref(), value) {
        (Some("string"), Value::String(text)) => text_fits(schema, text),
        (Some("boolean"), Value::Bool(_)) | (Some("number"), Value::Number(_)) => true,
        (Some("integer"), Value::Number(number)) => {
            number.as_i64().is_some_and(|n| i32::try_from(n).is_ok())
        }
        _ => false,
    }
}

/// Whether a text has the documented format; query parameters come here too.
pub(super) fn text_fits(schema: &Schema, text: &str) -> bool {
    if let Some(values) = &schema.values {
        return values.iter().any(|value| value == text);
    }
    match (schema.kind.as_deref(), schema.format.as_deref()) {
        (Some("integer"), _) => text.parse::<i32>().is_ok(),
        (Some("boolean"), _) => matches!(text, "true" | "false"),
        (Some("number"), _) => text.parse::<f64>().is_ok(),
        (_, Some("int64")) => text.parse::<i64>().is_ok(),
        (_, Some("google-datetime")) => text.parse::<jiff::Timestamp>().is_ok(),
        (_, Some("google-duration")) => text
            .strip_suffix('s')
            .is_some_and(|seconds| seconds.parse::<f64>().is_ok()),
        (_, Some("google-fieldmask")) => text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b',')),
        (_, Some("byte")) => [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
            .iter()
            .any(|alphabet| alphabet.decode(text).is_ok()),
        _ => true,
    }
}
