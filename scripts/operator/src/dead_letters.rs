//! Events that could not be handled, and were put aside by Pub/Sub.

use std::time::Duration;

use marketplace::GoogleOrigin;
use tokio::time;

use crate::arguments::DeadLettersCommand;
use crate::failure::Failure;
use crate::pubsub::{PubSub, Pulled, Subscription, Topic};
use crate::table::table;
use crate::terminal::{self, Assent};

/// After this many empty answers in a row, the subscription is taken for empty: one means little.
const EMPTY_ANSWERS: usize = 3;

/// The wait between two of them.
const PAUSE: Duration = Duration::from_millis(200);

pub(crate) struct DeadLetters {
    pubsub: PubSub,
    assent: Assent,
}

impl DeadLetters {
    pub(crate) fn new(google: &GoogleOrigin, assent: Assent) -> Self {
        Self {
            pubsub: PubSub::new(google),
            assent,
        }
    }

    pub(crate) async fn carry_out(&self, command: DeadLettersCommand) -> Result<(), Failure> {
        match command {
            DeadLettersCommand::List { subscription, max } => self.list(&subscription, max).await,
            DeadLettersCommand::Replay {
                subscription,
                to,
                max,
            } => self.replay(&subscription, &to, max).await,
        }
    }

    async fn list(&self, from: &Subscription, max: u32) -> Result<(), Failure> {
        let mut found = Vec::new();
        let mut batches = Vec::new();
        let mut left = max;
        let read = loop {
            match self.next(from, left).await {
                Ok(batch) if batch.is_empty() => break Ok(()),
                Ok(batch) => {
                    left = left.saturating_sub(count(&batch));
                    found.extend(batch.iter().map(row));
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
        let head = ["MESSAGE", "SINCE", "DELIVERIES", "BYTES"];
        terminal::say(&match found.len() {
            0 => format!("No dead letters in {from}."),
            count => format!("Dead letters in {from}: {count}\n{}", table(head, &found)),
        });
        Ok(())
    }

    async fn replay(&self, from: &Subscription, to: &Topic, max: u32) -> Result<(), Failure> {
        self.assent.agree(&format!(
            "This publishes up to {max} dead letters of {from} to {to} again."
        ))?;
        let mut done = 0;
        let ended = self.replay_all(from, to, max, &mut done).await;
        terminal::say(&format!("Replayed {done} dead letters."));
        ended
    }

    async fn replay_all(
        &self,
        from: &Subscription,
        to: &Topic,
        max: u32,
        done: &mut u32,
    ) -> Result<(), Failure> {
        loop {
            let batch = self.next(from, max.saturating_sub(*done)).await?;
            if batch.is_empty() {
                return Ok(());
            }
            match self.pubsub.publish(to, &batch).await {
                Ok(published) if published == batch.len() => {}
                other => {
                    _ = self.pubsub.release(from, &batch).await;
                    other?;
                    let problem = "Pub/Sub did not say that it has all messages; none of the \
                                   last batch was removed";
                    return Err(Failure::NotSeen(problem.to_owned()));
                }
            }
            *done += count(&batch);
            // Only now: what is lost between the two is replayed twice, and never not at all.
            self.pubsub.acknowledge(from, &batch).await?;
        }
    }

    /// The next messages, at most `limit`; none when there are none left.
    async fn next(&self, from: &Subscription, limit: u32) -> Result<Vec<Pulled>, Failure> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        for _ in 0..EMPTY_ANSWERS {
            let batch = self.pubsub.pull(from, limit).await?;
            if !batch.is_empty() {
                return Ok(batch);
            }
            time::sleep(PAUSE).await;
        }
        Ok(Vec::new())
    }
}

fn count(batch: &[Pulled]) -> u32 {
    u32::try_from(batch.len()).unwrap_or(u32::MAX)
}

fn row(pulled: &Pulled) -> [String; 4] {
    // Set by Pub/Sub when it puts a message aside (its documentation of dead-letter topics).
    const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";
    let message = &pulled.message;
    let deliveries = message.content.attributes.get(DELIVERIES);
    [
        message.id.clone(),
        message.publish_time.clone(),
        deliveries.cloned().unwrap_or_else(|| "-".to_owned()),
        (message.content.data.len() / 4 * 3).to_string(),
    ]
}
