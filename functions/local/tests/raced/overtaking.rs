//! One is stopped, another one passes.

use function_tests::firestore_proxy::Held;
use marketplace::Role;
use marketplace_simulator::Planned;

use crate::actor::{Actor, Ended};
use crate::world::{Customer, Part, World};

/// What stops the first.
pub(crate) enum Gate {
    /// A call of Google's.
    Google(Planned),
    /// A call of the Firestore emulator's.
    Store(Held),
}

/// How it went.
pub(crate) struct Overtaken {
    /// How the first and the second ended.
    pub(crate) ended: [Ended; 2],
    pub(crate) customers: Vec<Customer>,
    /// Whether the first came to the gate; else one has simply followed the other.
    pub(crate) is_forced: bool,
}

/// The first of this pair waits at the gate until the second has ended. The gate is closed once both are prepared.
pub(crate) async fn overtake(
    world: &World,
    pair: [Actor; 2],
    close: impl FnOnce() -> Gate,
) -> Overtaken {
    let first = world.prepare(pair[0], Role::AccountAdmin).await;
    let second = world.prepare(pair[1], Role::ProjectEditor).await;
    let (ended, is_forced) = match close() {
        Gate::Google(held) => at_google(held, first.part, second.part).await,
        Gate::Store(held) => at_store(held, first.part, second.part).await,
    };
    Overtaken {
        ended,
        customers: [first.customer, second.customer]
            .into_iter()
            .flatten()
            .collect(),
        is_forced,
    }
}

async fn at_google(held: Planned, mut first: Part<'_>, second: Part<'_>) -> ([Ended; 2], bool) {
    let early = tokio::select! {
        biased;
        ended = &mut first => Some(ended),
        () = held.arrived() => None,
    };
    if let Some(ended) = early {
        held.release();
        return ([ended, second.await], false);
    }
    let second = second.await;
    held.release();
    ([first.await, second], true)
}

async fn at_store(held: Held, mut first: Part<'_>, second: Part<'_>) -> ([Ended; 2], bool) {
    // A gate that nobody came to is dropped, which opens it.
    let arrived = tokio::select! {
        biased;
        ended = &mut first => Err(ended),
        release = held.arrived() => Ok(release),
    };
    match arrived {
        Err(ended) => ([ended, second.await], false),
        Ok(release) => {
            let second = second.await;
            release.send(()).unwrap();
            ([first.await, second], true)
        }
    }
}
