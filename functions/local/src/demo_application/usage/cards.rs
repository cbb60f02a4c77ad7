//! What the customer sees of what it uses.

use marketplace_simulator::{Metric, Quantity, ValueType};
use marketplace_website::amount_of;

use super::journal::{Record, RecordStatus};
use super::metered_orders::Order;

const SHOWN: usize = 8;

pub(in super::super) struct Card {
    /// Counts from 1.
    pub(in super::super) number: usize,
    pub(in super::super) order: String,
    pub(in super::super) plan: String,
    pub(in super::super) is_in_force: bool,
    pub(in super::super) stopped: Option<String>,
    pub(in super::super) metrics: Vec<Meter>,
    /// The number that the next record is going to have.
    pub(in super::super) next_number: usize,
    pub(in super::super) total: String,
    /// Newest first.
    pub(in super::super) rows: Vec<RecordRow>,
    /// How many records there are beside those.
    pub(in super::super) more: usize,
}

pub(in super::super) struct Meter {
    pub(in super::super) id: String,
    pub(in super::super) title: String,
    pub(in super::super) example: &'static str,
}

pub(in super::super) struct RecordRow {
    pub(in super::super) used: String,
    pub(in super::super) time: String,
    pub(in super::super) status: String,
    pub(in super::super) tone: &'static str,
    pub(in super::super) text: String,
}

impl Card {
    pub(super) fn of(number: usize, order: &Order<'_>, all: &[Record]) -> Self {
        let own = all
            .iter()
            .filter(|record| record.done.entitlement == order.id);
        let own: Vec<&Record> = own.collect();
        let metrics = &order.plan.metrics;
        let totals = metrics.iter().filter_map(|metric| total(metric, &own));
        let total: Vec<String> = totals.collect();
        let rows = own.iter().rev().take(SHOWN);
        Self {
            number,
            order: order.id.to_owned(),
            plan: order.plan.title.clone(),
            is_in_force: order.is_in_force,
            stopped: order.stopped.map(str::to_owned),
            metrics: metrics.iter().map(meter).collect(),
            next_number: all.len() + 1,
            total: total.join(", "),
            rows: rows.map(|record| row(order, record)).collect(),
            more: own.len().saturating_sub(SHOWN),
        }
    }
}

fn meter(metric: &Metric) -> Meter {
    Meter {
        id: metric.id.clone(),
        title: metric.title.clone(),
        example: match metric.value_type {
            ValueType::Int64 => "1",
            ValueType::Double => "2.5",
        },
    }
}

/// What Portico has taken of a metric, if anything.
fn total(metric: &Metric, records: &[&Record]) -> Option<String> {
    let taken = records.iter().filter(|it| it.counts());
    let taken = taken.filter(|record| record.done.metric == metric.id);
    let quantities: Vec<_> = taken.map(|record| &record.done.quantity).collect();
    if quantities.is_empty() {
        return None;
    }
    let quantities = quantities.into_iter();
    let total = match metric.value_type {
        ValueType::Int64 => {
            Quantity::Int64(quantities.filter_map(serde_json::Number::as_i128).sum())
        }
        ValueType::Double => {
            Quantity::Double(quantities.filter_map(serde_json::Number::as_f64).sum())
        }
    };
    Some(format!("{}: {}", metric.title, amount_of(total)))
}

fn row(order: &Order<'_>, record: &Record) -> RecordRow {
    let title = order.metric(&record.done.metric);
    let title = title.map_or(record.done.metric.as_str(), |metric| &metric.title);
    let (status, tone, text) = in_words(&record.standing);
    let times = match record.times_sent {
        0 | 1 => String::new(),
        times => format!(" Sent {times} times."),
    };
    RecordRow {
        used: format!("{title}: {}", record.done.quantity),
        time: record.occurred_at.strftime("%H:%M:%S UTC").to_string(),
        status,
        tone,
        text: text + &times,
    }
}

fn in_words(standing: &RecordStatus) -> (String, &'static str, String) {
    let answer = match standing {
        RecordStatus::Kept(why) => {
            let text = format!("{why}: it is kept here, and sent again with the next one.");
            return ("not answered".to_owned(), "wait", text);
        }
        RecordStatus::Answered(answer) => answer,
    };
    let said = answer.message.clone().unwrap_or_default();
    let (tone, text) = match (answer.status.as_str(), &answer.code) {
        ("accepted", _) => ("good", "Stored, in the hour of its time.".to_owned()),
        ("duplicate", _) => (
            "good",
            "Stored before, with the same content: it counts once.".to_owned(),
        ),
        ("refused", Some(code)) => ("bad", format!("{code}: {said}")),
        ("refused", None) => ("bad", said),
        _ => ("good", said),
    };
    (answer.status.replace('-', " "), tone, text)
}

#[cfg(test)]
mod tests {
    use super::super::journal::PorticoAnswer;
    use super::*;

    fn answered(status: &str, code: Option<&str>) -> RecordStatus {
        RecordStatus::Answered(PorticoAnswer {
            status: status.to_owned(),
            code: code.map(str::to_owned),
            message: Some("Why.".to_owned()),
        })
    }

    #[test]
    fn every_answer_is_put_in_words() {
        let stored_before = "Stored before, with the same content: it counts once.";
        for (standing, expected) in [
            (
                answered("accepted", None),
                ("accepted", "good", "Stored, in the hour of its time."),
            ),
            (
                answered("accepted-late", None),
                ("accepted late", "good", "Why."),
            ),
            (
                answered("duplicate", None),
                ("duplicate", "good", stored_before),
            ),
            (
                answered("refused", Some("too-old")),
                ("refused", "bad", "too-old: Why."),
            ),
            (
                RecordStatus::Kept("Portico answered 503".to_owned()),
                (
                    "not answered",
                    "wait",
                    "Portico answered 503: it is kept here, and sent again with the next one.",
                ),
            ),
        ] {
            let (status, tone, text) = in_words(&standing);
            assert_eq!((status.as_str(), tone, text.as_str()), expected);
        }
    }
}
