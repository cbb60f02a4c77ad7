//! Metering, as an application does it: each use is written down first, and then recorded with Portico,
//! as often as it takes.

mod cards;
mod journal;
mod metered_orders;

use marketplace_simulator::Simulator;
use marketplace_website::ProgramEndpoint;
use marketplace_website::page::Form;
use serde::Deserialize;
use serde_json::{Number, Value, json};
use tokio::sync::watch;

use super::cloud_event::CloudEvent;
pub(super) use cards::Card;
use journal::{PorticoAnswer, Record, RecordStatus, UsageJournal, Use};

/// Records of one request: fewer than Portico takes.
const MOST: usize = 1_000;

/// What the application meters, and for whom.
pub(super) struct Usage {
    endpoint: Option<ProgramEndpoint>,
    journal: UsageJournal,
}

/// A customer, and the events about it, oldest first.
#[derive(Clone, Copy)]
pub(super) struct MeteredCustomer<'a> {
    pub(super) account: &'a str,
    pub(super) events: &'a [CloudEvent],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotUsed {
    /// There is nothing to use in this application.
    Nothing,
    /// The customer has no such order, or none that is served now.
    NotServed,
    /// How much it is, is no number.
    NoNumber,
}

#[derive(Deserialize)]
struct Answers {
    records: Vec<Answered>,
}

#[derive(Deserialize)]
struct Answered {
    idempotency_key: Option<String>,
    status: String,
    code: Option<String>,
    message: Option<String>,
}

impl Usage {
    /// Usage that is recorded there, if anything is metered.
    pub(super) fn new(endpoint: Option<ProgramEndpoint>) -> Self {
        Self {
            endpoint,
            journal: UsageJournal::default(),
        }
    }

    /// Changes whenever something else is to be seen.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.journal.changes()
    }

    /// What the customer sees of its orders that are billed by usage.
    pub(super) fn cards(
        &self,
        simulator: &Simulator,
        account: &str,
        events: &[CloudEvent],
    ) -> Vec<Card> {
        if self.endpoint.is_none() {
            return Vec::new();
        }
        let orders = metered_orders::metered(simulator.settings(), events);
        let records = self.journal.of(account);
        let orders = orders.iter().enumerate();
        orders
            .map(|(index, order)| Card::of(index + 1, order, &records))
            .collect()
    }

    /// Does for the customer what it asks for, writes it down, and records it.
    pub(super) async fn work(
        &self,
        simulator: &Simulator,
        customer: MeteredCustomer<'_>,
        form: &Form,
    ) -> Result<(), NotUsed> {
        let endpoint = self.endpoint.as_ref().ok_or(NotUsed::Nothing)?;
        let orders = metered_orders::metered(simulator.settings(), customer.events);
        let mut orders = orders.iter();
        let order = orders.find(|order| order.id == form.value("order"));
        let order = order.filter(|order| order.is_served());
        let metric = order.and_then(|order| order.metric(form.value("metric")));
        let (order, metric) = order.zip(metric).ok_or(NotUsed::NotServed)?;
        let quantity: Number =
            serde_json::from_str(form.value("quantity").trim()).map_err(|_| NotUsed::NoNumber)?;
        let done = Use {
            entitlement: order.id.to_owned(),
            metric: metric.id.clone(),
            quantity,
        };
        let next_number = form.value("turn").parse().unwrap_or_default();
        self.journal
            .write(customer.account, done, next_number, simulator.now());
        let records = self.journal.unanswered(customer.account, MOST);
        self.send(simulator, endpoint, customer.account, records)
            .await;
        Ok(())
    }

    /// Records everything of an order once more, as after a crash that left nobody knowing.
    pub(super) async fn repeat(
        &self,
        simulator: &Simulator,
        account: &str,
        form: &Form,
    ) -> Result<(), NotUsed> {
        let endpoint = self.endpoint.as_ref().ok_or(NotUsed::Nothing)?;
        let mut records = self.journal.of(account);
        records.retain(|record| record.done.entitlement == form.value("order"));
        records.truncate(MOST);
        self.send(simulator, endpoint, account, records).await;
        Ok(())
    }

    /// Forgets what a customer used that is no more.
    pub(super) fn erase(&self, account: &str) {
        self.journal.erase(account);
    }

    /// Sends the records, and keeps what was answered of each.
    async fn send(
        &self,
        simulator: &Simulator,
        endpoint: &ProgramEndpoint,
        account: &str,
        records: Vec<Record>,
    ) {
        if records.is_empty() {
            return;
        }
        let body = json!({ "records": records.iter().map(sent).collect::<Value>() });
        let answered = endpoint.post(simulator, &body).await;
        let standings = understood(
            &records,
            answered.as_ref().map(|(status, body)| (*status, &**body)),
        );
        self.journal.settle(account, standings);
    }
}

fn sent(record: &Record) -> Value {
    json!({
        "entitlement": record.done.entitlement,
        "metric": record.done.metric,
        "quantity": record.done.quantity,
        "occurred_at": record.occurred_at,
        "idempotency_key": record.key(),
    })
}

/// Where each record stands after an answer, or after none. What is not answered by its key is kept.
fn understood(records: &[Record], answered: Option<(u16, &[u8])>) -> Vec<(usize, RecordStatus)> {
    let (why, answers) = match answered {
        None => ("Portico did not answer".to_owned(), Vec::new()),
        Some((status, body)) => {
            let answers = serde_json::from_slice(body).map(|answers: Answers| answers.records);
            (
                format!("Portico answered {status}"),
                answers.unwrap_or_default(),
            )
        }
    };
    let standing = |record: &Record| {
        let key = record.key();
        let answer = answers
            .iter()
            .find(|it| it.idempotency_key.as_ref() == Some(&key) && it.status != "retry");
        answer.map_or_else(
            || RecordStatus::Kept(why.clone()),
            |answer| {
                RecordStatus::Answered(PorticoAnswer {
                    status: answer.status.clone(),
                    code: answer.code.clone(),
                    message: answer.message.clone(),
                })
            },
        )
    };
    records
        .iter()
        .map(|record| (record.number, standing(record)))
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn records() -> Vec<Record> {
        let journal = UsageJournal::default();
        for turn in 1..=3 {
            let done = Use {
                entitlement: "e".to_owned(),
                metric: "m".to_owned(),
                quantity: turn.into(),
            };
            journal.write("a", done, turn, Timestamp::UNIX_EPOCH);
        }
        journal.of("a")
    }

    fn answer(status: &str, code: Option<&str>) -> RecordStatus {
        RecordStatus::Answered(PorticoAnswer {
            status: status.to_owned(),
            code: code.map(str::to_owned),
            message: code.map(|_| "No.".to_owned()),
        })
    }

    #[test]
    fn each_record_is_answered_by_its_key_and_what_is_to_be_sent_again_is_kept() {
        let records = records();
        let keys: Vec<_> = records.iter().map(Record::key).collect();
        let body = json!({"records": [
            {"idempotency_key": keys[1], "status": "refused", "code": "c", "message": "No."},
            {"idempotency_key": keys[0], "status": "accepted"},
            {"idempotency_key": keys[2], "status": "retry", "code": "c", "message": "No."},
        ]});
        let body = body.to_string();
        let expected = [
            (1, answer("accepted", None)),
            (2, answer("refused", Some("c"))),
            (3, RecordStatus::Kept("Portico answered 503".to_owned())),
        ];
        assert_eq!(understood(&records, Some((503, body.as_bytes()))), expected);
    }

    #[test]
    fn without_an_answer_that_can_be_read_everything_is_kept() {
        let records = records();
        for (answered, why) in [
            (None, "Portico did not answer"),
            (Some((401, b"{}".as_slice())), "Portico answered 401"),
        ] {
            let kept = RecordStatus::Kept(why.to_owned());
            let expected = [1, 2, 3].map(|number| (number, kept.clone()));
            assert_eq!(understood(&records, answered), expected);
        }
    }
}
