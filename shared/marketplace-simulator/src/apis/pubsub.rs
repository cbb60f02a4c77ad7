//! Pub/Sub as far as a program publishes to a topic of its own. What it reads is preset: `preset_resources`.

use std::collections::BTreeMap;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Value, json};

use super::ApiResult;
use crate::discovery::Operation;
use crate::google_error::GoogleError;
use crate::host_answer::HostAnswer;
use crate::messages::Draft;
use crate::simulated_google::SimulatedGoogle;

/// How many messages one call may publish, and how many bytes they may have together.
const MOST_MESSAGES: usize = 1_000;
const MOST_BYTES: usize = 10_000_000;
/// How many attributes a message may have, and how long their names and values may be, in bytes.
const MOST_ATTRIBUTES: usize = 100;
const LONGEST_NAME: usize = 256;
const LONGEST_VALUE: usize = 1_024;
/// Proto JSON takes base64 with and without padding.
const BASE64: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, BASE64);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, BASE64);

pub(super) fn perform(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    match operation.id {
        "pubsub.projects.topics.publish" => publish(google, operation),
        _ => Err(GoogleError::not_found()),
    }
}

fn publish(google: &SimulatedGoogle, operation: &Operation) -> ApiResult {
    let (project, topic) = (operation.variable(0), operation.variable(1));
    let topic = format!("projects/{project}/topics/{topic}");
    if !google.settings.topics.contains(&topic) {
        return Err(GoogleError::not_found());
    }
    let messages = operation.body.get("messages").and_then(Value::as_array);
    let messages = messages.map(Vec::as_slice).unwrap_or_default();
    if messages.is_empty() || messages.len() > MOST_MESSAGES {
        let text = "The value for message_count is out of range. It must be between 1 and 1000.";
        return Err(GoogleError::invalid_argument(text));
    }
    let drafts = messages.iter().map(|message| draft(&topic, message));
    let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
    if drafts.iter().map(|draft| draft.data.len()).sum::<usize>() > MOST_BYTES {
        return Err(GoogleError::invalid_argument("The request is too large."));
    }
    let log = google.published.log();
    let published = drafts.into_iter().map(|draft| log.publish(draft));
    let ids: Vec<String> = published.map(|(_, id)| id).collect();
    let summary = format!("{} published", ids.len());
    Ok(HostAnswer::json(&json!({"messageIds": ids}), summary))
}

fn draft(topic: &str, message: &Value) -> Result<Draft, GoogleError> {
    let text = |field| {
        message
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let data = STANDARD
        .decode(text("data"))
        .or_else(|_| URL_SAFE.decode(text("data")));
    let data = data.map_err(|_| GoogleError::invalid_argument("data is not base64."))?;
    let attributes = attributes(message);
    if data.is_empty() && attributes.is_empty() {
        let text = "One or more messages in the publish request is empty. Each message must contain \
                    either non-empty data, or at least one attribute.";
        return Err(GoogleError::invalid_argument(text));
    }
    let fits = |(name, value): (&String, &String)| {
        !name.is_empty()
            && !name.starts_with("goog")
            && name.len() <= LONGEST_NAME
            && value.len() <= LONGEST_VALUE
    };
    if attributes.len() > MOST_ATTRIBUTES || !attributes.iter().all(fits) {
        return Err(GoogleError::invalid_argument("Invalid attributes."));
    }
    Ok(Draft {
        topic: topic.to_owned(),
        data,
        attributes,
        ordering_key: text("orderingKey").to_owned(),
    })
}

fn attributes(message: &Value) -> BTreeMap<String, String> {
    let attributes = message.get("attributes").and_then(Value::as_object);
    let pairs = attributes.into_iter().flatten();
    pairs
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}
