//! Every pair, in both orders, at every call of Google's by which the first can be stopped.

use marketplace_simulator::Fault;
use store::Store;

use crate::actor::{Actor, Ended, Stop};
use crate::overtaking::{Gate, Overtaken, overtake};
use crate::world::World;

pub(crate) type NewStore = fn() -> Store;

pub(crate) async fn a_form_that_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    overtaken_by_each(Actor::Form, new_store).await;
}

pub(crate) async fn a_sign_in_that_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    overtaken_by_each(Actor::SignIn, new_store).await;
}

pub(crate) async fn a_post_that_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    overtaken_by_each(Actor::Post, new_store).await;
}

pub(crate) async fn an_event_that_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    overtaken_by_each(Actor::Event, new_store).await;
}

pub(crate) async fn a_reconciliation_that_waits_for_google_is_overtaken_by_each(
    new_store: NewStore,
) {
    overtaken_by_each(Actor::Reconcile, new_store).await;
}

pub(crate) async fn a_colleague_who_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    overtaken_by_each(Actor::Colleague, new_store).await;
}

pub(crate) async fn an_operator_who_waits_for_google_is_overtaken_by_each(new_store: NewStore) {
    overtaken_by_each(Actor::Operator, new_store).await;
}

async fn overtaken_by_each(first: Actor, new_store: NewStore) {
    for second in Actor::ALL {
        for stop in first.stops() {
            // A failure is about the last one that is named.
            println!("{first:?} waits at {stop:?} for {second:?}");
            Box::pin(overtaken([first, second], *stop, new_store())).await;
        }
    }
}

async fn overtaken(pair: [Actor; 2], stop: Stop, store: Store) {
    let world = World::start(store, pair).await;
    let faults = world.function.simulator.faults();
    let close = || Gate::Google(faults.next(stop.calls(), Fault::hang()));
    let overtaken = Box::pin(overtake(&world, pair, close)).await;
    assert!(overtaken.is_forced || stop == Stop::Approval);
    both_ended_well(&world, pair, &overtaken).await;
}

/// What nobody waited for is completed by reconciliation, and then everything is as if one had come after the other.
pub(crate) async fn both_ended_well(world: &World, pair: [Actor; 2], overtaken: &Overtaken) {
    assert_eq!(overtaken.ended, [Ended::Well, Ended::Well]);
    world.back_office.settle().await;
    let is_operators = pair.contains(&Actor::Operator);
    world.is_served(&overtaken.customers, is_operators).await;
}
