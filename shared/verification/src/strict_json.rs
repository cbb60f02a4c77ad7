//! JSON objects that say everything once.
//!
//! A JSON object that names a member twice is read differently by different parsers, so that one of
//! them checks what another one uses. Such objects are refused here at any depth, which the usual
//! derived parsers do not do for members they ignore.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value, borrowing from its text where it can.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    /// A number written without fraction and exponent that fits 64 bits with a sign.
    Integer(i64),
    /// Any other number. Its value is never used.
    OtherNumber,
    Text(Cow<'a, str>),
    List(Vec<Self>),
    Object(Object<'a>),
}

/// The members of an object, in the order of the text, no name twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

/// Why a text is not such an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAnObject {
    /// It is not JSON, or not an object.
    Malformed,
    /// Some object in it names a member twice.
    MemberTwice,
}

impl<'a> Object<'a> {
    /// Reads a whole text as one object.
    pub(crate) fn parse(text: &'a [u8]) -> Result<Self, NotAnObject> {
        let twice = Cell::new(false);
        let mut source = serde_json::Deserializer::from_slice(text);
        let value = Value { twice: &twice }.deserialize(&mut source);
        match value.and_then(|value| source.end().map(|()| value)) {
            Ok(Json::Object(object)) => Ok(object),
            Err(_) if twice.get() => Err(NotAnObject::MemberTwice),
            _ => Err(NotAnObject::Malformed),
        }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Json<'a>> {
        self.0
            .iter()
            .find_map(|(member, value)| (member == name).then_some(value))
    }

    pub(crate) fn into_members(self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        self.0.into_iter()
    }
}

#[derive(Clone, Copy)]
struct Value<'c> {
    twice: &'c Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Json<'de>, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Json::OtherNumber, Json::Integer))
    }

    fn visit_f64<E>(self, _value: f64) -> Result<Self::Value, E> {
        Ok(Json::OtherNumber)
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = source.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Self::Value, A::Error> {
        let mut object = Object(Vec::with_capacity(8));
        while let Some(name) = source.next_key_seed(Name)? {
            if object.member(&name).is_some() {
                self.twice.set(true);
                return Err(serde::de::Error::custom("a member occurs twice"));
            }
            let value = source.next_value_seed(self)?;
            object.0.push((name, value));
        }
        Ok(Json::Object(object))
    }
}

/// A member's name: borrowed unless it is written with escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_types() {
        let object = Object::parse(
            br#" {"a": 1, "b": 1.0, "c": 18446744073709551615, "d": "x\u0041", "e": [null, true], "f": {}, "g": -1, "h": 1e2} "#,
        )
        .unwrap();
        for (name, value) in [
            ("a", Json::Integer(1)),
            ("b", Json::OtherNumber),
            ("c", Json::OtherNumber),
            ("d", Json::Text("xA".into())),
            ("e", Json::List(vec![Json::Null, Json::Bool(true)])),
            ("f", Json::Object(Object::default())),
            ("g", Json::Integer(-1)),
            ("h", Json::OtherNumber),
        ] {
            assert_eq!(object.member(name), Some(&value), "{name}");
        }
        assert_eq!(object.member("i"), None);
    }

    #[test]
    fn a_member_named_twice_is_found_at_any_depth_and_in_any_spelling() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":1}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[[{"a":1,"b":0,"a":2}]]}"#,
        ] {
            assert_eq!(
                Object::parse(text.as_bytes()),
                Err(NotAnObject::MemberTwice),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_but_one_object_is_malformed() {
        let nested = "[".repeat(100_000);
        for text in [
            "",
            "null",
            "[]",
            "1",
            "{",
            "{}}",
            "{} {}",
            "{'a':1}",
            "{\"a\":NaN}",
            "\u{feff}{}",
            "{\"a\":1e999}",
            &nested,
        ] {
            assert_eq!(
                Object::parse(text.as_bytes()),
                Err(NotAnObject::Malformed),
                "{text:.20}"
            );
        }
        assert_eq!(
            Object::parse(b"{\"a\":\"\xff\"}"),
            Err(NotAnObject::Malformed)
        );
    }
}
