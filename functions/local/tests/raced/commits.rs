//! Every pair, in both orders: the first is stopped between its reads and its first commit about the account. Only the
//! Firestore emulator has a gate there.

use function_tests::firestore_proxy::FirestoreProxy;

use crate::actor::Actor;
use crate::overtaking::{Gate, overtake};
use crate::pairs::both_ended_well;
use crate::world::World;

async fn overtaken_by_each(first: Actor) {
    for second in Actor::ALL {
        println!("{first:?} waits to commit for {second:?}");
        Box::pin(overtaken([first, second])).await;
    }
}

async fn overtaken(pair: [Actor; 2]) {
    let proxy = FirestoreProxy::start();
    let world = World::start(proxy.store(), pair).await;
    let account = format!("/documents/accounts/{}", world.order.account);
    let close = || Gate::Store(proxy.hold("/Commit", &account));
    let overtaken = Box::pin(overtake(&world, pair, close)).await;
    assert!(overtaken.is_forced);
    both_ended_well(&world, pair, &overtaken).await;
}

#[tokio::test]
async fn a_form_that_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::Form).await;
}

#[tokio::test]
async fn a_sign_in_that_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::SignIn).await;
}

#[tokio::test]
async fn a_post_that_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::Post).await;
}

#[tokio::test]
async fn an_event_that_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::Event).await;
}

#[tokio::test]
async fn a_reconciliation_that_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::Reconcile).await;
}

#[tokio::test]
async fn a_colleague_who_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::Colleague).await;
}

#[tokio::test]
async fn an_operator_who_has_read_is_overtaken_by_each() {
    overtaken_by_each(Actor::Operator).await;
}
