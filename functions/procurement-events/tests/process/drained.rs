//! The end that the program is asked for.

use std::time::Duration;

use marketplace_simulator::{Fault, Matcher, Settings, Simulator};
use tokio::task::JoinSet;

use crate::program::environment;
use crate::pushed::REQUESTED;
use crate::running::start;

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end() {
    let simulator = Simulator::start(Settings::default()).await;
    let (mut program, caller) = start(&environment(&simulator)).await;
    let order = simulator.buy();
    let asked = Matcher::procurement().method(http::Method::GET);
    let held = simulator.faults().next(asked, Fault::hang());
    let (status, ()) = tokio::join!(
        caller.push(&simulator, REQUESTED, &order.entitlement),
        async {
            held.arrived().await;
            program.ask_to_end().await;
            held.release();
        }
    );
    assert_eq!(status, Some(204));
    let (status, lines) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    let mut messages = lines.iter().map(|line| &line["message"]);
    let answered = messages.any(|message| message == "POST /events 204");
    assert!(answered, "{lines:?}");
    // And no request is accepted any more.
    let status = caller.push(&simulator, REQUESTED, &order.entitlement).await;
    assert_eq!(status, None);
}

#[tokio::test]
async fn of_many_requests_none_that_was_started_is_dropped() {
    let simulator = Simulator::start(Settings::default()).await;
    let (mut program, caller) = start(&environment(&simulator)).await;
    let calm = Fault::delay(Duration::from_millis(30));
    simulator.faults().always(Matcher::procurement(), calm);
    let mut deliveries = JoinSet::new();
    for _ in 0..20 {
        let (simulator, caller) = (simulator.clone(), caller.clone());
        deliveries.spawn(async move {
            let mut answered = 0;
            loop {
                let order = simulator.buy();
                match caller.push(&simulator, REQUESTED, &order.entitlement).await {
                    Some(status) => assert_eq!(status, 204),
                    None => return answered,
                }
                answered += 1;
            }
        });
    }
    let events = Matcher::procurement();
    // By then all twenty are under way, most of them for the second time or more.
    simulator.calls().answered(&events, 60).await;
    program.ask_to_end().await;
    let answered: usize = deliveries.join_all().await.into_iter().sum();
    let (status, _) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(answered >= 60 - 20, "{answered}");
}
