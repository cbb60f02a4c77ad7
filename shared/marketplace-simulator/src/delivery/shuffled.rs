//! Everything that waits, in any order, any number of times.

use std::sync::Arc;

use fastrand::Rng;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::push_client::PushClient;
use crate::messages::MessageOutcome;

/// What a shuffled delivery came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// How many messages were delivered.
    pub messages: usize,
    /// How many deliveries were made of them, copies included, attempts that failed not.
    pub deliveries: usize,
    /// How many messages were given up.
    pub dead_lettered: usize,
}

pub(super) async fn deliver(
    push_client: &Arc<PushClient>,
    seed: u64,
    copies: usize,
    parallel: usize,
) -> Round {
    let mut rng = Rng::with_seed(seed);
    let permits = Arc::new(Semaphore::new(parallel.max(1)));
    let mut round = Round::default();
    loop {
        let numbers = push_client.log.take_all();
        if numbers.is_empty() {
            return round;
        }
        let parcels = shuffled(&numbers, copies, &mut rng);
        push_client.log.begin(parcels.len());
        round.messages += numbers.len();
        round.deliveries += parcels.len();
        carry(push_client, &parcels, &permits).await;
        let outcomes = numbers
            .iter()
            .filter_map(|number| push_client.log.message(*number));
        round.dead_lettered += outcomes
            .filter(|it| it.outcome == MessageOutcome::DeadLettered)
            .count();
    }
}

fn shuffled(numbers: &[u64], copies: usize, rng: &mut Rng) -> Vec<u64> {
    let mut parcels = Vec::new();
    for number in numbers {
        let times = rng.usize(1..=copies.max(1));
        parcels.extend(std::iter::repeat_n(*number, times));
    }
    rng.shuffle(&mut parcels);
    parcels
}

async fn carry(push_client: &Arc<PushClient>, parcels: &[u64], permits: &Arc<Semaphore>) {
    let mut under_way = JoinSet::new();
    for number in parcels {
        let Ok(permit) = Arc::clone(permits).acquire_owned().await else {
            return;
        };
        let permits = Arc::clone(permits);
        under_way.spawn(Arc::clone(push_client).carry(*number, permit, permits));
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_order_with_each_message_once_at_least() {
        let numbers: Vec<u64> = (1..=100).collect();
        let order = |seed| shuffled(&numbers, 3, &mut Rng::with_seed(seed));
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(8));
        let mut seen = order(7);
        assert!(seen.len() > 150 && seen.len() < 250, "{}", seen.len());
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, numbers);
    }
}
