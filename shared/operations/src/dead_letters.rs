//! Events that could not be handled, and were put aside by Pub/Sub.

use std::time::Duration;

use marketplace::GoogleOrigin;
use tokio::time;

use crate::decision::{Decision, DecisionOutcome, Prepared};
use crate::error::OperationError;
use crate::pubsub::{PubSub, PulledMessage, Subscription, Topic};

/// After this many empty answers in a row, the subscription is taken for empty: one means little.
const EMPTY_ANSWERS: usize = 3;

/// The wait between two of them.
const PAUSE: Duration = Duration::from_millis(200);

/// The operations about dead letters, which need Pub/Sub and nothing else.
#[derive(Debug)]
pub struct DeadLetters {
    pubsub: PubSub,
}

/// A dead letter without its content, which is a customer's.
#[derive(Debug)]
pub struct DeadLetter {
    /// The id that Pub/Sub gave it.
    pub message: String,
    /// When it was put aside.
    pub since: String,
    /// How often it was delivered in vain, if Pub/Sub says so.
    pub deliveries: Option<String>,
    /// About how long its data is.
    pub bytes: usize,
}

/// Publishes dead letters again.
#[derive(Debug)]
pub struct Replay<'a> {
    pubsub: &'a PubSub,
    from: Subscription,
    to: Topic,
    max: u32,
}

impl DeadLetters {
    /// Nothing is read yet.
    pub fn new(google: &GoogleOrigin) -> Self {
        let pubsub = PubSub::new(google);
        Self { pubsub }
    }

    /// Lists dead letters, and leaves them where they are.
    pub async fn list(
        &self,
        from: &Subscription,
        max: u32,
    ) -> Result<Vec<DeadLetter>, OperationError> {
        let mut batches = Vec::new();
        let mut left = max;
        let read = loop {
            match next_batch(&self.pubsub, from, left).await {
                Ok(batch) if batch.is_empty() => break Ok(()),
                Ok(batch) => {
                    left = left.saturating_sub(count(&batch));
                    batches.push(batch);
                }
                Err(error) => break Err(error),
            }
        };
        for batch in &batches {
            // They come back by themselves when their lease ends.
            _ = self.pubsub.release(from, batch).await;
        }
        read?;
        Ok(batches.iter().flatten().map(dead_letter).collect())
    }

    /// Publishes dead letters to a topic again, at most `max` of them.
    pub fn replay(&self, from: Subscription, to: Topic, max: u32) -> Prepared<Replay<'_>> {
        let intention = format!("This publishes up to {max} dead letters of {from} to {to} again.");
        let decision = Replay {
            pubsub: &self.pubsub,
            from,
            to,
            max,
        };
        Prepared::proposal(Vec::new(), intention, decision)
    }
}

impl Decision for Replay<'_> {
    async fn carry_out(self) -> DecisionOutcome {
        let mut replayed = 0;
        let error = loop {
            let limit = self.max.saturating_sub(replayed);
            let batch = match self.publish_next(limit).await {
                Ok(batch) if batch.is_empty() => break None,
                Ok(batch) => batch,
                Err(error) => break Some(error),
            };
            replayed += count(&batch);
            // Only now: what is lost between the two is replayed twice, and never not at all.
            if let Err(error) = self.pubsub.acknowledge(&self.from, &batch).await {
                break Some(error.into());
            }
        };
        DecisionOutcome {
            sentences: vec![format!("Replayed {replayed} dead letters.")],
            error,
            ..DecisionOutcome::default()
        }
    }
}

impl Replay<'_> {
    /// Publishes the next messages and returns them; none when there are none left.
    async fn publish_next(&self, limit: u32) -> Result<Vec<PulledMessage>, OperationError> {
        let batch = next_batch(self.pubsub, &self.from, limit).await?;
        if batch.is_empty() {
            return Ok(batch);
        }
        match self.pubsub.publish(&self.to, &batch).await {
            Ok(published) if published == batch.len() => Ok(batch),
            other => {
                _ = self.pubsub.release(&self.from, &batch).await;
                other?;
                Err(OperationError::NotPublished)
            }
        }
    }
}

/// The next messages, at most `limit`; none when there are none left.
async fn next_batch(
    pubsub: &PubSub,
    from: &Subscription,
    limit: u32,
) -> Result<Vec<PulledMessage>, OperationError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    for _ in 0..EMPTY_ANSWERS {
        let batch = pubsub.pull(from, limit).await?;
        if !batch.is_empty() {
            return Ok(batch);
        }
        time::sleep(PAUSE).await;
    }
    Ok(Vec::new())
}

fn count(batch: &[PulledMessage]) -> u32 {
    u32::try_from(batch.len()).unwrap_or(u32::MAX)
}

/// A dead letter without its content.
fn dead_letter(pulled: &PulledMessage) -> DeadLetter {
    // Set by Pub/Sub when it puts a message aside (its documentation of dead-letter topics).
    const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";
    let message = &pulled.message;
    DeadLetter {
        message: message.id.clone(),
        since: message.publish_time.clone(),
        deliveries: message.content.attributes.get(DELIVERIES).cloned(),
        bytes: message.content.data.len() / 4 * 3,
    }
}
