//! What a document holds, in a form that belongs to neither store.
//!
//! Both stores keep exactly this, so a record that survives the one survives the other: times are
//! whole microseconds (Firestore cuts off the rest), and a field without a value is absent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState, ProcurementAccountId, ProductId, ProviderId, Role,
    TokenFingerprint, UserIdentity,
};
use metering::{Metric, MetricId, Quantity, RunningTotals};
use serde_json::Value as Json;

/// One value of a document.
// Only tests may show one: it holds what must not be logged.
#[derive(Clone, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Value {
    Flag(bool),
    Text(String),
    Integer(i64),
    Double(f64),
    /// Microseconds since 1970.
    Time(i64),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// A type that this version never writes. It is read only to be ignored.
    Foreign,
}

/// The fields of a document as they are stored.
pub(crate) type StoredFields = BTreeMap<String, Value>;

/// What can stand in a field; nothing for an absent one.
pub(crate) trait ToValue {
    fn to_value(&self) -> Option<Value>;
}

/// What can be read from a field.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl ToValue for Value {
    fn to_value(&self) -> Option<Value> {
        Some(self.clone())
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Option<Value> {
        self.as_ref().and_then(T::to_value)
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Option<Value> {
        Some(Value::Flag(*self))
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl ToValue for u32 {
    fn to_value(&self) -> Option<Value> {
        Some(Value::Integer((*self).into()))
    }
}

impl FromValue for u32 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Self::try_from(*number).ok(),
            _ => None,
        }
    }
}

impl ToValue for Quantity {
    fn to_value(&self) -> Option<Value> {
        Some(match *self {
            Self::Int64(value) => Value::Integer(value),
            Self::Double(value) => Value::Double(value),
        })
    }
}

impl FromValue for Quantity {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(Self::Int64(*value)),
            Value::Double(value) => Some(Self::Double(*value)),
            _ => None,
        }
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Option<Value> {
        Some(Value::Time(microseconds(*self)))
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Time(micros) => Self::from_microsecond(*micros).ok(),
            _ => None,
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Option<Value> {
        Some(Value::Text(self.to_owned()))
    }
}

impl ToValue for String {
    fn to_value(&self) -> Option<Value> {
        self.as_str().to_value()
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Option<Value> {
        let values = self.iter().filter_map(T::to_value).collect();
        Some(Value::List(values))
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(values) => values.iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}

impl ToValue for BTreeMap<String, String> {
    fn to_value(&self) -> Option<Value> {
        let entries = self.iter();
        let entries = entries.map(|(name, text)| (name.clone(), Value::Text(text.clone())));
        Some(Value::Map(entries.collect()))
    }
}

impl FromValue for BTreeMap<String, String> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Map(entries) => entries
                .iter()
                .map(|(name, value)| Some((name.clone(), String::from_value(value)?)))
                .collect(),
            _ => None,
        }
    }
}

macro_rules! text {
    ($($name:ty: $write:expr, $parse:expr;)*) => {$(
        impl ToValue for $name {
            fn to_value(&self) -> Option<Value> {
                let write: fn(&Self) -> String = $write;
                Some(Value::Text(write(self)))
            }
        }

        impl FromValue for $name {
            fn from_value(value: &Value) -> Option<Self> {
                let parse: fn(String) -> Option<Self> = $parse;
                String::from_value(value).and_then(parse)
            }
        }
    )*};
}

text! {
    EntitlementId: |id| id.clone().into(), |text| Self::parse(text).ok();
    EntitlementState: |state| state.clone().into(), |text| Some(text.into());
    Json: ToString::to_string, |text| serde_json::from_str(&text).ok();
    Metric: ToString::to_string, |text| Self::parse(&text);
    MetricId: |id| id.clone().into(), |text| Self::parse(text).ok();
    ProcurementAccountId: |id| id.clone().into(), |text| Self::parse(text).ok();
    ProductId: |id| id.clone().into(), |text| Self::parse(text).ok();
    ProviderId: |id| id.clone().into(), |text| Self::parse(text).ok();
    Role: |role| role.clone().into(), |text| Some(text.into());
    RunningTotals: Self::to_text, |text| Self::parse(&text);
    TokenFingerprint: |token| (*token).into(), |text| Self::parse(&text).ok();
    UserIdentity: |user| user.clone().into(), |text| Self::parse(text).ok();
}

/// Gives each variant of an enum the name under which it is stored.
macro_rules! stored_names {
    ($(#[$doc:meta])* $enum:ident: $($variant:ident = $name:literal),+) => {
        impl $enum {
            $(#[$doc])*
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// All names, to be compared with those that other versions know.
            #[cfg(test)]
            pub(crate) const STORED: &'static [&'static str] = &[$($name),+];
        }

        impl $crate::documents::value::ToValue for $enum {
            fn to_value(&self) -> Option<$crate::documents::value::Value> {
                $crate::documents::value::ToValue::to_value(self.as_str())
            }
        }

        impl $crate::documents::value::FromValue for $enum {
            fn from_value(value: &$crate::documents::value::Value) -> Option<Self> {
                let text = <String as $crate::documents::value::FromValue>::from_value(value)?;
                let mut all = [$(Self::$variant),+].into_iter();
                all.find(|variant| variant.as_str() == text)
            }
        }
    };
}

pub(crate) use stored_names;

/// A time as Firestore keeps it: rounded down to the microsecond, also before 1970.
fn microseconds(time: Timestamp) -> i64 {
    let micros = time.as_microsecond();
    // `jiff` truncates towards zero.
    if time.as_nanosecond() < i128::from(micros) * 1_000 {
        micros - 1
    } else {
        micros
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_down_to_the_microsecond() {
        for (nanos, micros) in [
            (1_999, 1),
            (1_000, 1),
            (0, 0),
            (-1, -1),
            (-1_000, -1),
            (-1_001, -2),
        ] {
            let time = Timestamp::from_nanosecond(nanos).unwrap();
            assert_eq!(microseconds(time), micros, "{nanos}");
        }
    }
}
