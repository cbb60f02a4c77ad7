//! Members of JSON objects, read from where they stand in what was pushed.
//!
//! A push may have 15 MiB. Read as a tree it would take a hundred times that, so nothing of it is copied but the few
//! texts that are used.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

/// The members of a whole text that is an object.
pub(crate) fn of_text<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Option<T> {
    // serde would also accept a list of the members' values.
    let is_object = text.trim_ascii_start().first() == Some(&b'{');
    is_object
        .then(|| serde_json::from_slice(text).ok())
        .flatten()
}

/// The members of a member that is an object.
pub(crate) fn of<'a, T: Deserialize<'a>>(member: Option<&'a RawValue>) -> Option<T> {
    of_text(member?.get().as_bytes())
}

/// What `read` makes of a member that is a text.
pub(crate) fn text<T>(member: Option<&RawValue>, read: impl Fn(&str) -> T) -> Option<T> {
    let mut source = serde_json::Deserializer::from_str(member?.get());
    let mut found = None;
    let mut keep = |text: &str| found = Some(read(text));
    Text(&mut keep).deserialize(&mut source).ok()?;
    found
}

/// Shows a text without owning it, also one with escapes.
struct Text<'a>(&'a mut dyn FnMut(&str));

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let Self(keep) = self;
        keep(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Members<'a> = BTreeMap<&'a str, &'a RawValue>;

    #[test]
    fn only_objects_have_members() {
        assert!(of_text::<Members<'_>>(b" {} ").is_some());
        for text in ["", "[]", "null", "\"{}\"", "{} {}", "{", "{]"] {
            assert!(of_text::<Members<'_>>(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_text_is_shown_without_its_escapes() {
        let body = br#"{"a":"x\/\u0079","b":7,"c":{"a":"z"},"d":"\ud800"}"#;
        let members: Members<'_> = of_text(body).unwrap();
        let shown = |name: &str| text(members.get(name).copied(), str::to_owned);
        assert_eq!(shown("a").as_deref(), Some("x/y"));
        for name in ["b", "c", "d", "e"] {
            assert_eq!(shown(name), None, "{name}");
        }
        let inner: Members<'_> = of(members.get("c").copied()).unwrap();
        assert_eq!(text(inner.get("a").copied(), str::len), Some(1));
    }

    #[test]
    fn what_is_not_used_may_be_nested_at_will() {
        let deep = format!(
            r#"{{"a":{}{},"b":"c"}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        let members: Members<'_> = of_text(deep.as_bytes()).unwrap();
        assert_eq!(text(members.get("b").copied(), str::len), Some(1));
    }
}
