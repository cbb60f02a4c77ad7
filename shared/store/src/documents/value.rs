//! What a document holds, in a form that belongs to neither store.
//!
//! Both stores keep exactly this, so a record that survives the one survives the other: times are
//! whole microseconds (Firestore cuts off the rest), and a field without a value is absent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState, PlanId, ProcurementAccountId, ProductId, Role,
    TokenFingerprint, UserIdentity,
};
use metering::{MetricId, Quantity};

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
    fn to_value(self) -> Option<Value>;
}

/// What can be read from a field.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl ToValue for Value {
    fn to_value(self) -> Option<Value> {
        Some(self)
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(self) -> Option<Value> {
        self.and_then(T::to_value)
    }
}

impl ToValue for bool {
    fn to_value(self) -> Option<Value> {
        Some(Value::Flag(self))
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
    fn to_value(self) -> Option<Value> {
        Some(Value::Integer(self.into()))
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
    fn to_value(self) -> Option<Value> {
        Some(match self {
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
    fn to_value(self) -> Option<Value> {
        Some(Value::Time(microseconds(self)))
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

impl ToValue for &str {
    fn to_value(self) -> Option<Value> {
        Some(Value::Text(self.to_owned()))
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
    fn to_value(self) -> Option<Value> {
        let values = self.into_iter().filter_map(T::to_value).collect();
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

impl ToValue for &BTreeMap<String, String> {
    fn to_value(self) -> Option<Value> {
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
    ($($name:ty: $parse:expr,)*) => {$(
        impl ToValue for &$name {
            fn to_value(self) -> Option<Value> {
                Some(Value::Text(String::from(self.clone())))
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
    EntitlementId: |text| Self::parse(text).ok(),
    EntitlementState: |text| Some(text.into()),
    MetricId: |text| Self::parse(text).ok(),
    PlanId: |text| Self::parse(text).ok(),
    ProcurementAccountId: |text| Self::parse(text).ok(),
    ProductId: |text| Self::parse(text).ok(),
    Role: |text| Some(text.into()),
    TokenFingerprint: |text| Self::parse(&text).ok(),
    UserIdentity: |text| Self::parse(text).ok(),
}

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
