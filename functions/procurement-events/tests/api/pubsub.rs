//! Behind the Pub/Sub emulator of Google's SDK: its pushes, its repetitions and its dead letters.
//!
//! The emulator pushes without an identity token. So its pushes go to the simulator, which hands
//! them on signed and gives the function's answer back: when a message is delivered again is for the
//! emulator to decide.
//!
//! The emulator knows dead-letter policies, and the simulator's own tests have it give up a message.
//! But once some pushes have failed it may not push again for minutes, which a test cannot wait for.
//! So here the simulator delivers and gives up, and the test does what Pub/Sub does next: it
//! publishes the message to the dead-letter topic, which is in the emulator, and with it all that the
//! operator's program and the replayed message meet.

mod google;
mod operator;

use std::time::Duration;

use function_tests::emulator;
use marketplace::EntitlementState as State;
use marketplace_simulator::{Backoff, Fault, Matcher, Message, PubSubEmulator, Push};
use tokio::time::timeout;

use google::EmulatedGoogle;
use operator::Operator;

use crate::function::{ACTIVE, AUDIENCE, PUSH, TestFunction};

/// Longer than the emulator takes for anything here.
const PATIENCE: Duration = Duration::from_mins(2);

fn push(function: &TestFunction) -> Push {
    Push::to(&format!("{}/events", function.origin), PUSH, AUDIENCE)
}

/// From now on the emulator pushes the events of the Marketplace.
async fn push_through(google: &EmulatedGoogle, function: &TestFunction) {
    let second = Duration::from_secs(1);
    let push = push(function).backoff(Backoff {
        // The emulator takes nothing shorter for its pauses.
        first: second,
        longest: second,
        max_attempts: Some(100),
    });
    let emulator = PubSubEmulator::new(&google.host, &google.project);
    let subscribing = function.simulator.subscribe_through(emulator, push);
    subscribing.await.unwrap();
}

async fn delivered(function: &TestFunction) {
    let delivered = timeout(PATIENCE, function.simulator.delivered()).await;
    delivered.expect("the emulator pushes everything in time");
}

fn statuses(message: &Message) -> Vec<Option<u16>> {
    let attempts = message.attempts.iter();
    attempts.map(|attempt| attempt.status).collect()
}

#[tokio::test]
async fn purchases_before_the_sign_up_and_after_it_are_approved() {
    let function = TestFunction::start(emulator::new_store()).await;
    let google = EmulatedGoogle::with_a_project_of_its_own();
    push_through(&google, &function).await;
    let simulator = &function.simulator;
    let first = simulator.buy();
    delivered(&function).await;
    assert!(function.is_up_to_date(&first.entitlement).await);
    assert_eq!(function.at_google(&first.entitlement).1, 0);
    function.begin_sign_up(&first).await;
    let second = simulator.buy_again(&first.account);
    delivered(&function).await;
    for order in [&first, &second] {
        assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
        assert!(function.is_up_to_date(&order.entitlement).await);
    }
    assert!(simulator.dead_letters().is_empty());
    let notified = [
        "portico.account.signed-up",
        "portico.access.granted",
        "portico.access.granted",
    ];
    assert_eq!(function.notifications(), notified);
}

#[tokio::test]
async fn what_google_s_trouble_delays_is_delivered_again_and_finished() {
    let function = TestFunction::start(emulator::new_store()).await;
    let google = EmulatedGoogle::with_a_project_of_its_own();
    push_through(&google, &function).await;
    let simulator = &function.simulator;
    let faults = simulator.faults();
    faults.always(Matcher::procurement(), Fault::status(403));
    let order = simulator.buy();
    function.begin_sign_up(&order).await;
    let failed = |all: &[Message]| all.iter().any(|it| statuses(it).contains(&Some(503)));
    simulator.events().when(failed).await;
    faults.clear();
    delivered(&function).await;
    assert!(simulator.dead_letters().is_empty());
    let repeated = simulator.events().all();
    let repeated = repeated.iter().find(|it| statuses(it).len() > 1).unwrap();
    let mut before = statuses(repeated);
    assert_eq!(before.pop(), Some(Some(204)));
    assert!(before.iter().all(|it| *it == Some(503)), "{before:?}");
    assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
    assert!(function.is_up_to_date(&order.entitlement).await);
}

#[tokio::test]
async fn a_dead_letter_is_replayed_after_its_cause_was_fixed() {
    let function = TestFunction::start(emulator::new_store()).await;
    let simulator = &function.simulator;
    let faults = simulator.faults();
    faults.always(Matcher::procurement(), Fault::status(403));
    simulator.subscribe(push(&function));
    let order = simulator.buy();
    function.begin_sign_up(&order).await;
    delivered(&function).await;
    let dead = simulator.dead_letters();
    // Of the account, of the order and of its offer.
    assert_eq!(dead.len(), 3);
    for message in &dead {
        assert_eq!(statuses(message), [Some(503); 5]);
    }
    assert_eq!(function.entitlement(&order.entitlement).await, None);

    let google = EmulatedGoogle::with_a_project_of_its_own();
    push_through(&google, &function).await;
    google.put_aside(&dead).await;
    let operator = Operator::of(&google, &simulator.origin()).await;
    let listed = operator.done(&["list"]).await;
    assert!(listed.contains(": 3\n"), "{listed}");
    faults.clear();
    let replay = ["replay", "--to", &google.topic(), "--yes"];
    let replayed = operator.done(&replay).await;
    let expected = "Replayed 3 dead letters.\n";
    assert!(replayed.ends_with(expected), "{replayed}");

    let is_published = |all: &[Message]| all.last().is_some_and(|last| last.event_type() == ACTIVE);
    simulator.events().when(is_published).await;
    delivered(&function).await;
    assert_eq!(function.at_google(&order.entitlement), (State::Active, 1));
    assert!(function.is_up_to_date(&order.entitlement).await);
    let listed = operator.done(&["list"]).await;
    assert!(listed.starts_with("No dead letters"), "{listed}");
}
