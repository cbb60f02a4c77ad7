//! What was used, as the application stored it: before it was sent, and with what was answered.

use std::collections::HashMap;

use jiff::Timestamp;
use marketplace_simulator::Watched;
use serde_json::Number;
use tokio::sync::watch;

/// Every record, by account: gone with the process. An application keeps them in its database, written
/// together with what they count.
#[derive(Default)]
pub(super) struct UsageJournal(Watched<HashMap<String, Vec<Record>>>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) entitlement: String,
    pub(super) metric: String,
    /// As the customer said it: what is no quantity is for Portico to refuse.
    pub(super) quantity: Number,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Counts from 1, for each account.
    pub(super) number: usize,
    pub(super) done: Use,
    pub(super) occurred_at: Timestamp,
    pub(super) standing: RecordStatus,
    pub(super) times_sent: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RecordStatus {
    /// It is sent again with the next one, because of this.
    Kept(String),
    Answered(PorticoAnswer),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PorticoAnswer {
    pub(super) status: String,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

impl Record {
    /// What it is known by at Portico: from what is stored, and so the same whenever it is sent.
    pub(super) fn key(&self) -> String {
        format!("use-{}", self.number)
    }

    /// Whether Portico has it, and bills it.
    pub(super) fn counts(&self) -> bool {
        match &self.standing {
            RecordStatus::Answered(answer) => answer.status != "refused",
            RecordStatus::Kept(_) => false,
        }
    }
}

impl UsageJournal {
    /// Changes whenever something else is known of a record.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes()
    }

    /// Writes a use down. `next_number` is the number that it was going to have when the customer was shown the
    /// button: a second click comes with the same one, does nothing more, and is sent again.
    pub(super) fn write(&self, account: &str, done: Use, next_number: usize, now: Timestamp) {
        let mut accounts = self.0.lock();
        let records = accounts.entry(account.to_owned()).or_default();
        let same_number = next_number
            .checked_sub(1)
            .and_then(|index| records.get_mut(index));
        if let Some(known) = same_number.filter(|known| known.done == done) {
            known.standing = RecordStatus::Kept(CLICKED_TWICE.to_owned());
            return;
        }
        records.push(Record {
            number: records.len() + 1,
            done,
            occurred_at: now,
            standing: RecordStatus::Kept(NOT_SENT.to_owned()),
            times_sent: 0,
        });
    }

    /// Everything that was written down for this account, oldest first.
    pub(super) fn of(&self, account: &str) -> Vec<Record> {
        self.0.lock().get(account).cloned().unwrap_or_default()
    }

    /// What has to be sent, the oldest first.
    pub(super) fn unanswered(&self, account: &str, most: usize) -> Vec<Record> {
        let mut records = self.of(account);
        records.retain(|record| matches!(record.standing, RecordStatus::Kept(_)));
        records.truncate(most);
        records
    }

    /// Keeps where these records stand after they were sent. A record that was answered once is not
    /// unanswered by a later attempt.
    pub(super) fn settle(&self, account: &str, standings: Vec<(usize, RecordStatus)>) {
        self.0.change(|accounts| {
            let Some(records) = accounts.get_mut(account) else {
                return;
            };
            for (number, standing) in standings {
                let Some(record) = records.get_mut(number.saturating_sub(1)) else {
                    continue;
                };
                record.times_sent += 1;
                let is_known = matches!(record.standing, RecordStatus::Answered(_));
                if !is_known || matches!(standing, RecordStatus::Answered(_)) {
                    record.standing = standing;
                }
            }
        });
    }

    pub(super) fn erase(&self, account: &str) {
        self.0.lock().remove(account);
    }
}

const NOT_SENT: &str = "On its way";
const CLICKED_TWICE: &str = "Clicked twice";

#[cfg(test)]
mod tests {
    use super::*;

    fn used(quantity: u64) -> Use {
        Use {
            entitlement: "e".to_owned(),
            metric: "m".to_owned(),
            quantity: quantity.into(),
        }
    }

    fn accepted() -> RecordStatus {
        RecordStatus::Answered(PorticoAnswer {
            status: "accepted".to_owned(),
            code: None,
            message: None,
        })
    }

    fn numbers(records: &[Record]) -> Vec<usize> {
        records.iter().map(|record| record.number).collect()
    }

    #[test]
    fn a_second_click_is_the_same_record_and_another_use_is_not() {
        let (journal, now) = (UsageJournal::default(), Timestamp::UNIX_EPOCH);
        journal.write("a", used(1), 1, now);
        journal.settle("a", vec![(1, accepted())]);
        assert_eq!(journal.unanswered("a", 9), []);
        journal.write("a", used(1), 1, now);
        assert_eq!(numbers(&journal.unanswered("a", 9)), [1]);
        // A page that was opened before.
        journal.write("a", used(2), 1, now);
        journal.write("a", used(2), 3, now);
        let all = journal.of("a");
        assert_eq!(numbers(&all), [1, 2, 3]);
        let keys: Vec<_> = all.iter().map(Record::key).collect();
        assert_eq!(keys, ["use-1", "use-2", "use-3"]);
        assert_eq!(journal.of("b"), []);
    }

    #[test]
    fn what_was_not_answered_is_sent_with_the_next_and_an_answer_stays() {
        let (journal, now) = (UsageJournal::default(), Timestamp::UNIX_EPOCH);
        journal.write("a", used(1), 1, now);
        let kept = || RecordStatus::Kept("Portico answered 503".to_owned());
        journal.settle("a", vec![(1, kept())]);
        journal.write("a", used(2), 2, now);
        assert_eq!(numbers(&journal.unanswered("a", 9)), [1, 2]);
        assert_eq!(numbers(&journal.unanswered("a", 1)), [1]);
        journal.settle("a", vec![(1, accepted()), (2, accepted()), (3, accepted())]);
        journal.settle("a", vec![(1, kept())]);
        assert_eq!(journal.unanswered("a", 9), []);
        let sent: Vec<_> = journal.of("a").iter().map(|it| it.times_sent).collect();
        assert_eq!(sent, [3, 1]);
        journal.erase("a");
        journal.settle("a", vec![(1, accepted())]);
        assert_eq!(journal.of("a"), []);
    }
}
