//! Values as Firestore writes them.

use std::collections::HashMap;

use gcloud_sdk::google::firestore::v1::value::ValueType;
use gcloud_sdk::google::firestore::v1::{ArrayValue, MapValue, Value as Wire};
use gcloud_sdk::prost_types::Timestamp as WireTime;
use jiff::Timestamp;

use crate::documents::record::Version;
use crate::documents::value::{StoredFields, Value};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A document's fields for Firestore.
pub(super) fn fields_to_wire(fields: StoredFields) -> HashMap<String, Wire> {
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name, value_to_wire(value)))
        .collect()
}

/// A document's fields from Firestore. A null is as good as no field.
pub(super) fn fields_from_wire(fields: HashMap<String, Wire>) -> StoredFields {
    let fields = fields.into_iter();
    fields
        .filter_map(|(name, value)| Some((name, value_from_wire(value)?)))
        .collect()
}

/// A text.
pub(super) fn text(text: &str) -> Wire {
    wire(ValueType::StringValue(text.to_owned()))
}

/// A document's full name.
pub(super) fn reference(name: String) -> Wire {
    wire(ValueType::ReferenceValue(name))
}

/// A time from microseconds since 1970.
pub(super) fn wire_time(micros: i64) -> WireTime {
    let below_a_second = micros.rem_euclid(MICROS_PER_SECOND) * 1_000;
    WireTime {
        seconds: micros.div_euclid(MICROS_PER_SECOND),
        nanos: i32::try_from(below_a_second).unwrap_or_default(),
    }
}

/// The version that an update time stands for.
pub(super) fn version(update_time: WireTime) -> Version {
    Version(micros(update_time))
}

/// The moment that Firestore names, to the microsecond.
pub(super) fn timestamp(time: WireTime) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros(time)).ok()
}

fn micros(time: WireTime) -> i64 {
    let whole = time.seconds.saturating_mul(MICROS_PER_SECOND);
    whole.saturating_add(i64::from(time.nanos / 1_000))
}

fn wire(value: ValueType) -> Wire {
    Wire {
        value_type: Some(value),
    }
}

fn value_to_wire(value: Value) -> Wire {
    wire(match value {
        Value::Flag(flag) => ValueType::BooleanValue(flag),
        Value::Text(text) => ValueType::StringValue(text),
        Value::Integer(number) => ValueType::IntegerValue(number),
        Value::Double(number) => ValueType::DoubleValue(number),
        Value::Time(micros) => ValueType::TimestampValue(wire_time(micros)),
        Value::List(values) => ValueType::ArrayValue(ArrayValue {
            values: values.into_iter().map(value_to_wire).collect(),
        }),
        Value::Map(fields) => ValueType::MapValue(MapValue {
            fields: fields_to_wire(fields),
        }),
        Value::Foreign => ValueType::NullValue(0),
    })
}

fn value_from_wire(value: Wire) -> Option<Value> {
    Some(match value.value_type? {
        ValueType::NullValue(_) => return None,
        ValueType::BooleanValue(flag) => Value::Flag(flag),
        ValueType::StringValue(text) => Value::Text(text),
        ValueType::IntegerValue(number) => Value::Integer(number),
        ValueType::DoubleValue(number) => Value::Double(number),
        ValueType::TimestampValue(time) => Value::Time(micros(time)),
        ValueType::ArrayValue(list) => Value::List(
            list.values
                .into_iter()
                .filter_map(value_from_wire)
                .collect(),
        ),
        ValueType::MapValue(map) => Value::Map(fields_from_wire(map.fields)),
        _ => Value::Foreign,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::Flag),
            any::<i64>().prop_map(Value::Integer),
            (-1e300_f64..1e300).prop_map(Value::Double),
            ".{0,20}".prop_map(Value::Text),
            (-62_135_596_800_000_000_i64..253_402_300_799_999_999).prop_map(Value::Time),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_comes_back_as_it_went(value in values()) {
            prop_assert!(value_from_wire(value_to_wire(value.clone())) == Some(value));
        }
    }

    #[test]
    fn what_this_version_does_not_know_is_kept_apart() {
        let bytes = wire(ValueType::BytesValue(vec![1]));
        assert!(value_from_wire(bytes) == Some(Value::Foreign));
        assert!(value_from_wire(wire(ValueType::NullValue(0))).is_none());
    }
}
