//! What is published: by the Marketplace, and by the vendor's own programs.

use super::Simulator;
use crate::delivery::{Backoff, Delivery, Push};
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

    /// Pushes what is published to the vendor's own topics to the vendor's application. What it does not take
    /// waits, and is repeated with [`Backoff::PATIENT`]; [`published`](Self::published) says of each attempt
    /// [why not](crate::Attempt::why_not).
    pub fn push_published_to(&self, url: &str, service_account: &str, audience: &str) {
        let push = Push::to(url, service_account, audience).backoff(Backoff::PATIENT);
        self.subscribe_application(push);
    }

    /// As [`push_published_to`](Self::push_published_to), with a subscription set up in detail. Its tokens are issued by
    /// the [clock of the application](crate::ApplicationClock).
    pub fn subscribe_application(&self, push: Push) {
        let project = &self.google.settings.project.id;
        self.google.published.subscribe(Push {
            subscription: format!("projects/{project}/subscriptions/application-push"),
            ..push
        });
    }

    /// Publishes what is published to the vendor's own topics into the Pub/Sub emulator at this `host:port` (the
    /// value of `PUBSUB_EMULATOR_HOST`) from now on, what waits already first: into topics of the same name, which are
    /// created if they do not exist; with the same data, attributes and ordering keys; in the order of
    /// publication, each message repeated until it is taken. It takes the place of a push.
    ///
    /// An emulator that cannot be reached now is an error; one that goes away later is waited for.
    pub async fn forward_published_to(&self, host: &str) -> Result<(), EmulatorError> {
        let emulator = PubSubEmulator::new(host, &self.google.settings.project.id);
        let topics = &self.google.settings.topics;
        pubsub_emulator::forward(&self.google.published, emulator, topics).await
    }
}
