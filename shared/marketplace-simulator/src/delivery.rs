//! Bringing messages to a subscriber, as Pub/Sub does, or as badly as a test wants it.

mod envelope;
mod push;
mod push_client;
mod shuffled;

use std::sync::{Arc, Mutex};

use tokio::task::AbortHandle;

use crate::clock::Clock;
use crate::key_rings::KeyRings;
use crate::messages::{Attempt, MessageLog, MessageOutcome};
use crate::sync::lock;
pub use push::{Backoff, Push};
use push_client::PushClient;
pub use push_client::http_client;
pub use shuffled::Round;

/// The only subscription of a topic. Clones share it.
///
/// Until somebody subscribes, messages wait.
#[derive(Clone)]
pub struct Delivery {
    inner: Arc<Inner>,
}

struct Inner {
    log: MessageLog,
    keys: Arc<KeyRings>,
    /// The clock that the receiver lives by: that of the pushes' tokens.
    receiver_clock: Clock,
    subscribed: Mutex<Option<Subscribed>>,
}

struct Subscribed {
    /// None if messages are not pushed, but published elsewhere.
    push_client: Option<Arc<PushClient>>,
    delivery_task: AbortHandle,
}

impl Drop for Subscribed {
    fn drop(&mut self) {
        self.delivery_task.abort();
    }
}

impl Delivery {
    pub(crate) fn new(log: MessageLog, keys: Arc<KeyRings>, receiver_clock: Clock) -> Self {
        Self {
            inner: Arc::new(Inner {
                log,
                keys,
                receiver_clock,
                subscribed: Mutex::default(),
            }),
        }
    }

    /// The messages, and what became of each.
    pub fn log(&self) -> MessageLog {
        self.inner.log.clone()
    }

    /// Delivers nothing any more until [`resume`](Self::resume): messages are kept in their order.
    /// Attempts under way go on.
    pub fn hold(&self) {
        self.inner.log.set_hold(true);
    }

    /// Delivers again, first what has been kept back.
    pub fn resume(&self) {
        for message in self.inner.log.with_outcome(MessageOutcome::HeldBack) {
            self.inner.log.requeue(message.number);
        }
        self.inner.log.set_hold(false);
    }

    /// Loses the next message that is published.
    pub fn drop_next(&self) {
        self.inner.log.plan_drop(1);
    }

    /// Loses everything that waits, and returns how much that is.
    pub fn drop_waiting(&self) -> usize {
        let lost = self.inner.log.take_all();
        for number in &lost {
            self.inner.log.settle(*number, MessageOutcome::Dropped);
        }
        lost.len()
    }

    /// Keeps the next message back until [`release`](Self::release), [`resume`](Self::resume) or
    /// [`deliver_all`](Self::deliver_all): so it comes late, after those that follow it.
    pub fn delay_next(&self) {
        self.inner.log.plan_hold_back(1);
    }

    /// Delivers the next message that is published so many times.
    pub fn duplicate_next(&self, copies: usize) {
        self.inner.log.plan_copies(copies);
    }

    /// Queues the message with this number, once more if it has been delivered already.
    pub fn release(&self, number: u64) {
        self.inner.log.requeue(number);
    }

    /// Queues every message that had been given up, and returns how many there are.
    pub fn replay_dead_letters(&self) -> usize {
        let dead = self.inner.log.with_outcome(MessageOutcome::DeadLettered);
        for message in &dead {
            self.inner.log.requeue(message.number);
        }
        dead.len()
    }

    /// Delivers the message with this number now, once, whether it waits, is held or was delivered
    /// before. One that is not acknowledged is left as it was.
    ///
    /// # Panics
    ///
    /// If nobody has subscribed, or there is no such message.
    #[expect(
        clippy::expect_used,
        reason = "a test cannot go on without a subscriber"
    )]
    pub async fn deliver_one(&self, number: u64) -> Attempt {
        let push_client = self.push_client().expect("somebody has subscribed");
        let attempt = push_client.attempt(number).await;
        let attempt = attempt.expect("there is a message with this number");
        let never = Backoff {
            max_attempts: None,
            ..push_client.push.backoff
        };
        self.inner.log.judge(number, attempt, &never);
        if attempt.is_acknowledged() {
            self.inner.log.settle(number, MessageOutcome::Acknowledged);
        }
        attempt
    }

    /// Delivers everything that waits, is held back, or is published meanwhile: shuffled by this seed,
    /// each message one to `copies` times, so many at a time, until each copy is acknowledged or given up.
    ///
    /// # Panics
    ///
    /// If nobody has subscribed.
    #[expect(
        clippy::expect_used,
        reason = "a test cannot go on without a subscriber"
    )]
    pub async fn deliver_all(&self, seed: u64, copies: usize, parallel: usize) -> Round {
        let push_client = self.push_client().expect("somebody has subscribed");
        shuffled::deliver(&push_client, seed, copies, parallel).await
    }

    /// Waits until everything has been delivered or given up. What [`hold`](Self::hold) keeps counts as
    /// not delivered; what was kept back by [`delay_next`](Self::delay_next) does not count.
    pub async fn settled(&self) {
        self.inner.log.settled().await;
    }

    /// How messages are pushed now; none if they are published elsewhere, or nobody has subscribed.
    pub fn push(&self) -> Option<Push> {
        let push_client = self.push_client()?;
        Some(push_client.push.clone())
    }

    /// Pushes from now on; the subscription before ends.
    pub(crate) fn subscribe(&self, push: Push) {
        let push_client = self.push_client_for(push);
        let delivery_task = tokio::spawn(push_client::run(Arc::clone(&push_client)));
        self.install(Some(push_client), delivery_task.abort_handle());
    }

    pub(crate) fn push_client_for(&self, push: Push) -> Arc<PushClient> {
        let (log, keys) = (self.inner.log.clone(), Arc::clone(&self.inner.keys));
        let clock = self.inner.receiver_clock.clone();
        Arc::new(PushClient::new(push, log, keys, clock))
    }

    /// Somebody else carries the messages; this value knows where to, if they are pushed in the end.
    pub(crate) fn install(&self, push_client: Option<Arc<PushClient>>, delivery_task: AbortHandle) {
        *lock(&self.inner.subscribed) = Some(Subscribed {
            push_client,
            delivery_task,
        });
    }

    pub(crate) fn push_client(&self) -> Option<Arc<PushClient>> {
        let subscribed = lock(&self.inner.subscribed);
        subscribed.as_ref()?.push_client.clone()
    }
}
