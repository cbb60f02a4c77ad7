//! What is published: by the Marketplace, and by the vendor's own programs.

use super::Simulator;
use crate::delivery::{Delivery, Push};
use crate::messages::{Draft, Message, MessageLog, MessageOutcome};
use crate::pubsub_emulator::{self, EmulatorError, PubSubEmulator};

impl Simulator {
    /// The Marketplace's messages, and what became of each.
    pub fn events(&self) -> MessageLog {
        self.google.events.log()
    }

    /// The vendor's subscription to the Marketplace's topic.
    pub fn delivery(&self) -> Delivery {
        self.google.events.clone()
    }

    /// Pushes the Marketplace's messages there from now on, those first that wait already; signed as
    /// this service account, for this audience.
    pub fn push_to(&self, url: &str, service_account: &str, audience: &str) {
        self.subscribe(Push::to(url, service_account, audience));
    }

    /// As [`push_to`](Self::push_to), with a subscription set up in detail.
    pub fn subscribe(&self, push: Push) {
        self.google.events.subscribe(push);
    }

    /// Publishes the Marketplace's messages into a topic of the emulator from now on. Its pushes come
    /// back to this simulator, which signs them and hands them on to the endpoint, with the answer
    /// back: repetition and dead letters are the emulator's.
    pub async fn subscribe_through(
        &self,
        emulator: PubSubEmulator,
        push: Push,
    ) -> Result<(), EmulatorError> {
        pubsub_emulator::subscribe(&self.google.events, emulator, &self.google.origin, push).await
    }

    /// Puts any content into the Marketplace's topic, and returns the message's number.
    pub fn publish_event(&self, data: impl Into<Vec<u8>>) -> u64 {
        let (number, _) = self.google.events.log().publish(Draft {
            data: data.into(),
            ..Draft::default()
        });
        number
    }

    /// Waits until every message of the Marketplace is delivered or given up.
    pub async fn delivered(&self) {
        self.google.events.settled().await;
    }

    /// What the subscriber did not take.
    pub fn dead_letters(&self) -> Vec<Message> {
        self.events().with_outcome(MessageOutcome::DeadLettered)
    }

    /// What was published to topics of the vendor's own.
    pub fn published(&self) -> MessageLog {
        self.google.published.log()
    }

    /// The subscription to the vendor's own topics: what was published waits there, for a push to the
    /// vendor's application.
    pub fn delivery_of_published(&self) -> Delivery {
        self.google.published.clone()
    }

    /// Pushes what is published to the vendor's own topics to the vendor's application.
    pub fn push_published_to(&self, url: &str, service_account: &str, audience: &str) {
        let mut push = Push::to(url, service_account, audience);
        "projects/example-project/subscriptions/application-push"
            .clone_into(&mut push.subscription);
        self.google.published.subscribe(push);
    }
}
