//! The metrics that a vendor has declared in Producer Portal.

use std::collections::BTreeMap;
use std::fmt;

use marketplace::PlanId;
use serde::{Deserialize, Serialize};

use crate::ValueType;

/// The longest id of a metric, in bytes.
const LONGEST: usize = 128;

/// A metric's id, such as `requests`: what follows the service's name in Google's `metricName`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MetricId(String);

/// The text is not the id of a metric. It does not carry the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not 1 to 128 letters, digits, dots, underscores and hyphens, or is reserved")]
pub struct InvalidMetricId;

/// A declared metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// What Google and the records call it.
    pub id: MetricId,
    /// The type of its values.
    pub value_type: ValueType,
    /// The only plan that has it.
    pub plan: PlanId,
}

/// Every declared metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics(BTreeMap<MetricId, Metric>);

/// Why a text is not a list of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMetrics {
    /// There is none in it.
    #[error("it names no metric")]
    Empty,
    /// A part of it is not `PLAN/METRIC:TYPE`, with `int64` or `double` as type. So is a plan with a comma, a slash or
    /// a percent sign that is not percent-encoded.
    #[error("a part of it is not PLAN/METRIC:int64 or PLAN/METRIC:double")]
    Malformed,
    /// A metric is declared twice: two plans never share one.
    #[error("it declares a metric twice")]
    Twice,
}

impl MetricId {
    /// Accepts 1–128 characters of `A–Z a–z 0–9 . _ -` that are no reserved segment of a path.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidMetricId> {
        let text = text.into();
        let is_taken =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let is_reserved =
            text == "." || text == ".." || text.starts_with("__") || text.ends_with("__");
        if !(1..=LONGEST).contains(&text.len()) || !text.bytes().all(is_taken) || is_reserved {
            return Err(InvalidMetricId);
        }
        Ok(Self(text))
    }

    /// The id alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `metricName` as Service Control wants it.
    pub fn in_service(&self, service: &str) -> String {
        format!("{service}/{}", self.as_str())
    }
}

impl fmt::Display for MetricId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// As [`Metric::parse`] reads it.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            value_type,
            plan,
        } = self;
        let plan = plan.percent_encoded();
        write!(f, "{plan}/{id}:{}", value_type.as_str())
    }
}

impl TryFrom<String> for MetricId {
    type Error = InvalidMetricId;

    fn try_from(text: String) -> Result<Self, InvalidMetricId> {
        Self::parse(text)
    }
}

impl From<MetricId> for String {
    fn from(id: MetricId) -> Self {
        id.0
    }
}

impl Metrics {
    /// Reads `PLAN/METRIC:TYPE`, comma-separated, such as `pro/requests:int64,Pro plan (annual)/storage:double`.
    pub fn parse(text: &str) -> Result<Self, InvalidMetrics> {
        let mut metrics = BTreeMap::new();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let metric = Metric::parse(part).ok_or(InvalidMetrics::Malformed)?;
            if metrics.insert(metric.id.clone(), metric).is_some() {
                return Err(InvalidMetrics::Twice);
            }
        }
        if metrics.is_empty() {
            return Err(InvalidMetrics::Empty);
        }
        Ok(Self(metrics))
    }

    /// The metric of this id, if it is declared.
    pub fn find(&self, id: &str) -> Option<&Metric> {
        self.iter().find(|metric| metric.id.as_str() == id)
    }

    /// All of them, by their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Metric> {
        self.0.values()
    }

    /// The metrics of a plan, by their ids.
    pub fn of_plan(&self, plan: &PlanId) -> impl Iterator<Item = &Metric> {
        self.iter().filter(move |metric| metric.plan == *plan)
    }
}

impl Metric {
    /// Reads `PLAN/METRIC:TYPE`. In the name of a plan a comma is written `%2C`, a slash `%2F`, a percent sign `%25`,
    /// and a space at either end `%20`; other characters may be percent-encoded.
    pub fn parse(text: &str) -> Option<Self> {
        let (plan, rest) = text.split_once('/')?;
        let (id, value_type) = rest.split_once(':')?;
        Some(Self {
            id: MetricId::parse(id).ok()?,
            value_type: ValueType::parse(value_type)?,
            plan: PlanId::from_percent_encoded(plan).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_declared_with_plan_and_type() {
        let metrics = Metrics::parse("pro/requests:int64, max/storage_gib:double").unwrap();
        let requests = metrics.find("requests").unwrap();
        assert_eq!(requests.value_type, ValueType::Int64);
        assert_eq!(requests.plan.as_str(), "pro");
        assert_eq!(
            requests
                .id
                .in_service("product.endpoints.example.cloud.goog"),
            "product.endpoints.example.cloud.goog/requests"
        );
        assert_eq!(requests.to_string(), "pro/requests:int64");
        let max = PlanId::parse("max").unwrap();
        let of_max: Vec<_> = metrics.of_plan(&max).map(|m| m.id.as_str()).collect();
        assert_eq!(of_max, ["storage_gib"]);
        assert_eq!(metrics.find("other"), None);
    }

    #[test]
    fn a_plan_may_have_any_name() {
        for (written, plan) in [
            ("Pro plan (annual)", "Pro plan (annual)"),
            ("Pro: 5 users", "Pro: 5 users"),
            ("Pro%2C 100 %25%2Fyear", "Pro, 100 %/year"),
            ("%20Pro%20", " Pro "),
            ("プラン", "プラン"),
        ] {
            let metrics = Metrics::parse(&format!("{written}/requests:int64,max/storage:double"));
            let metrics = metrics.unwrap();
            let plan = PlanId::parse(plan).unwrap();
            let of_plan: Vec<_> = metrics.of_plan(&plan).collect();
            assert_eq!(of_plan.len(), 1, "{written}");
            // As it is stored.
            let stored = of_plan[0].to_string();
            assert_eq!(
                Metric::parse(&stored).as_ref(),
                Some(of_plan[0]),
                "{stored}"
            );
            let list = Metrics::parse(&stored).unwrap();
            assert_eq!(list.iter().collect::<Vec<_>>(), of_plan);
        }
    }

    #[test]
    fn a_metric_has_an_id_that_stands_in_a_name_of_google_s() {
        for text in ["requests", "usage_queries", "a.b-c", &"x".repeat(128)] {
            assert_eq!(MetricId::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "a b", "a/b", "a:b", "ä", "..", "__a", &"x".repeat(129)] {
            assert_eq!(MetricId::parse(text), Err(InvalidMetricId), "{text}");
        }
    }

    #[test]
    fn a_text_that_declares_no_metrics_is_refused() {
        for (text, problem) in [
            ("", InvalidMetrics::Empty),
            (" , ", InvalidMetrics::Empty),
            ("requests:int64", InvalidMetrics::Malformed),
            ("pro/requests", InvalidMetrics::Malformed),
            ("pro/requests:float", InvalidMetrics::Malformed),
            ("pro/re quests:int64", InvalidMetrics::Malformed),
            ("pro/__requests:int64", InvalidMetrics::Malformed),
            ("pro/requests/a:int64", InvalidMetrics::Malformed),
            ("Pro/annual/requests:int64", InvalidMetrics::Malformed),
            ("Pro, annual/requests:int64", InvalidMetrics::Malformed),
            ("100 %/requests:int64", InvalidMetrics::Malformed),
            ("%0A/requests:int64", InvalidMetrics::Malformed),
            ("%20/requests:int64", InvalidMetrics::Malformed),
            ("/requests:int64", InvalidMetrics::Malformed),
            (
                "pro/requests:int64,max/requests:int64",
                InvalidMetrics::Twice,
            ),
        ] {
            assert_eq!(Metrics::parse(text), Err(problem), "{text}");
        }
    }
}
