//! The vendor's Pub/Sub topic, from the variable `EVENTS_TOPIC`.

use function_runtime::{Reader, Variable};
use marketplace::ProviderId;

/// The variable of the topic.
pub const EVENTS_TOPIC: Variable = Variable::optional(
    "EVENTS_TOPIC",
    "Pub/Sub topic of the vendor's that hears of changes, such as projects/PROJECT/topics/TOPIC",
);

/// A Pub/Sub topic by its full name, `projects/{project}/topics/{topic}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic(String);

/// Where news is published to, and whose news it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Read from `EVENTS_TOPIC`.
    pub topic: Topic,
    /// Read from `PROCUREMENT_PROVIDER`: the events name it as their source.
    pub provider: ProviderId,
}

impl Topic {
    /// Reads `EVENTS_TOPIC`. `None` after a problem was recorded, `Some(None)` if it is not set.
    pub fn read(reader: &mut Reader<'_>) -> Option<Option<Self>> {
        reader.optional(&EVENTS_TOPIC, |text| {
            Self::parse(text).ok_or("a topic, such as projects/PROJECT/topics/TOPIC".into())
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses `projects/{project}/topics/{topic}`.
    pub fn parse(text: &str) -> Option<Self> {
        let safe = |part: &str| {
            let mut bytes = part.bytes();
            !part.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b"-._~+:".contains(&b))
        };
        let parts: Vec<_> = text.split('/').collect();
        match *parts.as_slice() {
            ["projects", project, "topics", topic]
                if safe(project) && safe(topic) && text.len() <= 400 =>
            {
                Some(Self(text.to_owned()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_full_names() {
        for text in [
            "projects/p/topics/t",
            "projects/example.com:p/topics/a-b.c_d~e+f",
        ] {
            assert!(Topic::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "t",
            "projects/p/topics/",
            "projects//topics/t",
            "projects/p/topics/t/u",
            "projects/p/topics/a b",
            "projects/p/topics/a?b",
            "projects/p/subscriptions/t",
        ] {
            assert!(Topic::parse(text).is_none(), "{text}");
        }
    }
}
