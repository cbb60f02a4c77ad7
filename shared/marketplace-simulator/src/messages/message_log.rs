//! The messages so far, and the queue of those that are to be delivered.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::pace::Pace;
use super::queue::{AttemptVerdict, Draft, Entries};
use super::{Attempt, Message, MessageOutcome};
use crate::clock::Clock;
use crate::delivery::Backoff;
use crate::random;
use crate::sync::Watched;

/// The messages of a topic, oldest first. Clones share one log.
#[derive(Debug, Clone)]
pub struct MessageLog {
    entries: Arc<Watched<Entries>>,
    clock: Clock,
    pace: Arc<Pace>,
}

impl MessageLog {
    /// An empty log, whose messages are sent at least so long after each other.
    pub(crate) fn new(clock: Clock, spacing: Duration) -> Self {
        Self {
            entries: Arc::default(),
            clock,
            pace: Arc::new(Pace::of(spacing)),
        }
    }

    /// The time by which messages are published and delivered.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Every message.
    pub fn all(&self) -> Vec<Message> {
        self.select(|_| true)
    }

    /// Those with a higher number than this.
    pub fn after(&self, number: u64) -> Vec<Message> {
        self.select(|message| message.number > number)
    }

    /// Those with this outcome.
    pub fn with_outcome(&self, outcome: MessageOutcome) -> Vec<Message> {
        self.select(|message| message.outcome == outcome)
    }

    /// The types of all messages of the Marketplace, in the order of publication.
    pub fn types(&self) -> Vec<String> {
        self.all().iter().map(Message::event_type).collect()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.entries.lock().slots.len()
    }

    /// The message with this number.
    pub fn message(&self, number: u64) -> Option<Message> {
        self.entries
            .lock()
            .slot(number)
            .map(|slot| slot.message.clone())
    }

    /// Waits until the messages are as wanted, and returns them.
    pub async fn when(&self, wanted: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        let mut changes = self.changes();
        loop {
            let all = self.all();
            // The log itself holds the sender, so waiting does not fail.
            if wanted(&all) || changes.changed().await.is_err() {
                return all;
            }
        }
    }

    /// Changes whenever a message is published or delivered.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.entries.changes()
    }

    /// Waits until nothing is queued or under way. What is held back does not count.
    pub(crate) async fn settled(&self) {
        let mut changes = self.changes();
        while self.entries.lock().open > 0 {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Publishes, and returns the message's number and id.
    pub(crate) fn publish(&self, draft: Draft) -> (u64, String) {
        let (message_id, now) = (random::digits(16), self.now());
        let number = self
            .entries
            .change(|entries| entries.publish(draft, &message_id, now));
        (number, message_id)
    }

    /// Waits until the next delivery may begin.
    pub(crate) async fn paced(&self) {
        self.pace.wait().await;
    }

    /// The next delivery, if there is one and nothing holds it. It begins now: see [`paced`](Self::paced).
    pub(crate) fn take(&self) -> Option<u64> {
        let mut entries = self.entries.lock();
        if entries.is_on_hold {
            return None;
        }
        let number = entries.queue.pop_front()?;
        self.pace.sent();
        Some(number)
    }

    /// Everything that is queued or held back, each number once, is the caller's to deliver.
    pub(crate) fn take_all(&self) -> Vec<u64> {
        self.entries.change(|entries| {
            let queued: Vec<u64> = entries.queue.drain(..).collect();
            entries.open -= queued.len();
            let held = entries.slots.iter_mut().map(|slot| &mut slot.message);
            let held = held.filter(|message| message.outcome == MessageOutcome::HeldBack);
            let mut all = queued;
            for message in held {
                message.outcome = MessageOutcome::Waiting;
                all.push(message.number);
            }
            all.sort_unstable();
            all.dedup();
            all
        })
    }

    /// Deliveries begin that were not queued.
    pub(crate) fn begin(&self, count: usize) {
        self.entries.lock().open += count;
    }

    /// A delivery has ended, one way or another.
    pub(crate) fn end(&self) {
        self.entries
            .change(|entries| entries.open = entries.open.saturating_sub(1));
    }

    /// Writes an attempt down, and decides what follows.
    pub(crate) fn judge(&self, number: u64, attempt: Attempt, rule: &Backoff) -> AttemptVerdict {
        self.entries
            .change(|entries| match entries.slot_mut(number) {
                Some(slot) => slot.judge(attempt, rule),
                None => AttemptVerdict::Done,
            })
    }

    /// How many attempts on the message have failed.
    pub(crate) fn failures(&self, number: u64) -> u32 {
        self.entries
            .lock()
            .slot(number)
            .map_or(0, |slot| slot.failures)
    }

    pub(crate) fn set_hold(&self, is_on_hold: bool) {
        self.entries
            .change(|entries| entries.is_on_hold = is_on_hold);
    }

    pub(crate) fn plan_drop(&self, count: usize) {
        self.entries.lock().plans.drop += count;
    }

    pub(crate) fn plan_hold_back(&self, count: usize) {
        self.entries.lock().plans.hold_back += count;
    }

    pub(crate) fn plan_copies(&self, copies: usize) {
        self.entries.lock().plans.copies.push_back(copies);
    }

    /// Queues a message once more, with any outcome.
    pub(crate) fn requeue(&self, number: u64) {
        self.entries.change(|entries| {
            if let Some(slot) = entries.slot_mut(number) {
                slot.failures = 0;
                if slot.message.outcome != MessageOutcome::Acknowledged {
                    slot.message.outcome = MessageOutcome::Waiting;
                }
                entries.queue.push_back(number);
                entries.open += 1;
            }
        });
    }

    /// Takes a message out of the queue for good, with this outcome.
    pub(crate) fn settle(&self, number: u64, outcome: MessageOutcome) {
        self.entries.change(|entries| {
            let before = entries.queue.len();
            entries.queue.retain(|queued| *queued != number);
            entries.open -= before - entries.queue.len();
            if let Some(slot) = entries.slot_mut(number) {
                slot.message.outcome = outcome;
            }
        });
    }

    /// An emulator has taken the message and gave it this id.
    pub(crate) fn adopt_id(&self, number: u64, message_id: &str) {
        self.entries.change(|entries| {
            let early = entries.early.remove(message_id).unwrap_or_default();
            if let Some(slot) = entries.slot_mut(number) {
                message_id.clone_into(&mut slot.message.message_id);
            }
            for (attempt, verdict) in early {
                entries.record(number, attempt, verdict);
            }
        });
    }

    /// Somebody else's attempt, on the message with this id.
    pub(crate) fn record(&self, message_id: &str, attempt: Attempt, verdict: AttemptVerdict) {
        self.entries.change(|entries| {
            let all = entries.slots.iter();
            let number = all
                .map(|slot| &slot.message)
                .find(|message| message.message_id == message_id)
                .map(|message| message.number);
            if let Some(number) = number {
                entries.record(number, attempt, verdict);
            } else {
                let early = entries.early.entry(message_id.to_owned());
                early.or_default().push((attempt, verdict));
            }
        });
    }

    fn select(&self, wanted: impl Fn(&Message) -> bool) -> Vec<Message> {
        let entries = self.entries.lock();
        let all = entries.slots.iter().map(|slot| &slot.message);
        all.filter(|message| wanted(message)).cloned().collect()
    }
}
