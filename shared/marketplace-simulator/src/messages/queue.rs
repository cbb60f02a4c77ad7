//! What is to be delivered, and what shall happen to it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

use super::{Attempt, Message, MessageOutcome};
use crate::delivery::Backoff;

#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) slots: Vec<Slot>,
    /// Numbers of messages to be delivered; a number that stands twice is delivered twice.
    pub(super) queue: VecDeque<u64>,
    /// Deliveries that are queued or under way.
    pub(super) open: usize,
    /// Nothing is taken from the queue meanwhile.
    pub(super) is_on_hold: bool,
    pub(super) plans: Plans,
    /// Attempts on messages whose id is not known yet, by that id.
    pub(super) early: HashMap<String, Vec<(Attempt, AttemptVerdict)>>,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) message: Message,
    pub(super) failures: u32,
}

/// What shall happen to messages that are still to come.
#[derive(Debug, Default)]
pub(super) struct Plans {
    pub(super) drop: usize,
    pub(super) hold_back: usize,
    pub(super) copies: VecDeque<usize>,
}

/// A message that is to be published.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) topic: String,
    pub(crate) data: Vec<u8>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) ordering_key: String,
}

/// What an attempt means for its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptVerdict {
    Done,
    Again(Duration),
    DeadLetter,
}

impl Entries {
    pub(super) fn publish(&mut self, draft: Draft, message_id: &str, now: Timestamp) -> u64 {
        let number = self.slots.len() as u64 + 1;
        let outcome = if take_one(&mut self.plans.drop) {
            MessageOutcome::Dropped
        } else if take_one(&mut self.plans.hold_back) {
            MessageOutcome::HeldBack
        } else {
            let copies = self.plans.copies.pop_front().unwrap_or(1);
            self.queue.extend(std::iter::repeat_n(number, copies));
            self.open += copies;
            MessageOutcome::Waiting
        };
        self.slots.push(Slot {
            message: Message {
                number,
                message_id: message_id.to_owned(),
                publish_time: now,
                topic: draft.topic,
                data: draft.data,
                attributes: draft.attributes,
                ordering_key: draft.ordering_key,
                attempts: Vec::new(),
                outcome,
            },
            failures: 0,
        });
        number
    }

    /// Where the emulator decides: the delivery stays open until it is acknowledged or given up.
    pub(super) fn record(&mut self, number: u64, attempt: Attempt, verdict: AttemptVerdict) {
        let Some(slot) = self.slot_mut(number) else {
            return;
        };
        let was_open = slot.message.outcome == MessageOutcome::Waiting;
        match verdict {
            AttemptVerdict::DeadLetter => slot.message.outcome = MessageOutcome::DeadLettered,
            _ => slot.record(attempt),
        }
        if was_open && slot.message.outcome != MessageOutcome::Waiting {
            self.open = self.open.saturating_sub(1);
        }
    }

    pub(super) fn slot(&self, number: u64) -> Option<&Slot> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.slots.get(index)
    }

    pub(super) fn slot_mut(&mut self, number: u64) -> Option<&mut Slot> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.slots.get_mut(index)
    }
}

impl Slot {
    pub(super) fn record(&mut self, attempt: Attempt) {
        self.message.attempts.push(attempt);
        if attempt.is_acknowledged() {
            self.message.outcome = MessageOutcome::Acknowledged;
        } else {
            self.failures += 1;
        }
    }

    pub(super) fn judge(&mut self, attempt: Attempt, rule: &Backoff) -> AttemptVerdict {
        self.record(attempt);
        if self.message.outcome == MessageOutcome::Acknowledged {
            return AttemptVerdict::Done;
        }
        if self.failures >= rule.max_attempts.unwrap_or(u32::MAX) {
            self.message.outcome = MessageOutcome::DeadLettered;
            return AttemptVerdict::DeadLetter;
        }
        AttemptVerdict::Again(rule.pause(self.failures))
    }
}

fn take_one(count: &mut usize) -> bool {
    let is_any = *count > 0;
    *count = count.saturating_sub(1);
    is_any
}
