//! JSON as Google's APIs write it: what is empty is left out.

use serde_json::{Map, Value};

/// A page of a list; an empty list and the token of a page that is not there are left out.
pub(crate) fn list(name: &'static str, items: Vec<Value>, next: Option<String>) -> Value {
    object([
        (name, Value::from(items)),
        ("nextPageToken", optional(next)),
    ])
}

/// What is empty, or null, is left out.
pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let is_there = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    let fields = fields.into_iter().filter(|(_, value)| is_there(value));
    let fields: Map<String, Value> = fields.map(|(name, v)| (name.to_owned(), v)).collect();
    Value::Object(fields)
}

pub(crate) fn text(value: &impl ToString) -> Value {
    Value::String(value.to_string())
}

pub(crate) fn optional(value: Option<impl ToString>) -> Value {
    value.map_or(Value::Null, |value| text(&value))
}
