//! Plans with names that earlier versions cannot read.

use marketplace::PlanId;

use super::value::{FromValue, ToValue, Value};

/// The longest plan that earlier versions read, in bytes.
const LONGEST: usize = 128;

/// A plan that earlier versions cannot read: the whole order would be unreadable to them, and the customer locked out
/// while both run on one store. So it is stored under a name of its own, and to them the order is one without a plan,
/// as they would have stored it themselves.
pub(crate) struct WideName<'a>(pub(crate) &'a Option<PlanId>);

/// Only what earlier versions read; see [`WideName`].
impl ToValue for PlanId {
    fn to_value(&self) -> Option<Value> {
        was_read_before(self.as_str()).then(|| text(self))
    }
}

impl FromValue for PlanId {
    fn from_value(value: &Value) -> Option<Self> {
        String::from_value(value).and_then(|text| Self::parse(text).ok())
    }
}

impl ToValue for WideName<'_> {
    fn to_value(&self) -> Option<Value> {
        let plan = self.0.as_ref();
        plan.filter(|plan| !was_read_before(plan.as_str()))
            .map(text)
    }
}

fn text(plan: &PlanId) -> Value {
    Value::Text(plan.as_str().to_owned())
}

fn was_read_before(name: &str) -> bool {
    name.len() <= LONGEST
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        && !(name == "." || name == ".." || name.starts_with("__") || name.ends_with("__"))
}
