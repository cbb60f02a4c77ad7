//! Operations as they come in. What is wrong here refuses the whole request.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::service_control::{Quantity, UsageOperation, UsageOutcome, UsageValue};

/// The fields of a value of which one is set.
const KINDS: [&str; 6] = [
    "int64Value",
    "doubleValue",
    "boolValue",
    "stringValue",
    "moneyValue",
    "distributionValue",
];

pub(super) fn checked(sent: &Value) -> Result<(String, String), String> {
    if sent.is_null() {
        return Err("operation is required.".to_owned());
    }
    let id = required(sent, "operationId")?;
    time(sent, "startTime")?.ok_or("operation.start_time is required.")?;
    Ok((id, text(sent, "consumerId")))
}

pub(super) fn reported(service: &str, body: &Value) -> Result<Vec<UsageOperation>, String> {
    items(body, "operations")
        .map(|sent| operation(service, sent))
        .collect()
}

fn operation(service: &str, sent: &Value) -> Result<UsageOperation, String> {
    let operation_id = required(sent, "operationId")?;
    let start = time(sent, "startTime")?.ok_or("operation.start_time is required.")?;
    let end = time(sent, "endTime")?.ok_or("operation.end_time is required.")?;
    check_window(start, end)?;
    let mut values = Vec::new();
    for set in items(sent, "metricValueSets") {
        let metric = required(set, "metricName")?;
        for sent in items(set, "metricValues") {
            let value = UsageValue {
                metric: metric.clone(),
                quantity: quantity(sent)?,
                labels: texts(sent, "labels"),
                start: time(sent, "startTime")?.unwrap_or(start),
                end: time(sent, "endTime")?.unwrap_or(end),
            };
            check_window(value.start, value.end)?;
            values.push(value);
        }
    }
    check_duplicates(&values)?;
    Ok(UsageOperation {
        service: service.to_owned(),
        operation_id,
        consumer_id: text(sent, "consumerId"),
        start,
        end,
        values,
        labels: texts(sent, "labels"),
        user_labels: texts(sent, "userLabels"),
        outcome: UsageOutcome::Counted,
    })
}

fn check_window(start: Timestamp, end: Timestamp) -> Result<(), String> {
    if start < end {
        Ok(())
    } else {
        Err(format!("start_time {start} is not before end_time {end}."))
    }
}

fn check_duplicates(values: &[UsageValue]) -> Result<(), String> {
    let mut seen = HashSet::new();
    for UsageValue { metric, labels, .. } in values {
        if !seen.insert((metric, labels)) {
            return Err(format!(
                "Duplicate metric value for metric name {metric} with identical labels."
            ));
        }
    }
    Ok(())
}

/// The amount, if it has a type of the Marketplace's.
fn quantity(sent: &Value) -> Result<Option<Quantity>, String> {
    let is_given = |kind: &&&str| sent.get(**kind).is_some_and(|value| !value.is_null());
    if KINDS.iter().filter(is_given).count() > 1 {
        return Err("oneof field 'value' is already set.".to_owned());
    }
    let whole = sent.get("int64Value").and_then(Value::as_str);
    let whole = whole.and_then(|text| text.parse().ok());
    let fraction = sent.get("doubleValue").and_then(Value::as_f64);
    Ok(whole
        .map(Quantity::Int64)
        .or(fraction.map(Quantity::Double)))
}

fn required(sent: &Value, field: &str) -> Result<String, String> {
    match text(sent, field) {
        empty if empty.is_empty() => Err(format!("{field} is required.")),
        text => Ok(text),
    }
}

fn text(sent: &Value, field: &str) -> String {
    let text = sent.get(field).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn time(sent: &Value, field: &str) -> Result<Option<Timestamp>, String> {
    let time = text(sent, field);
    if time.is_empty() {
        return Ok(None);
    }
    let parsed = time.parse().map(Some);
    parsed.map_err(|_| format!("{field} is not a time."))
}

fn texts(sent: &Value, field: &str) -> BTreeMap<String, String> {
    let fields = sent.get(field).and_then(Value::as_object);
    let fields = fields.into_iter().flatten();
    fields
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn items<'a>(sent: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    let items = sent.get(field).and_then(Value::as_array);
    items.into_iter().flatten()
}
