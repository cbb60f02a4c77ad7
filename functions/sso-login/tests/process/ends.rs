//! The end that a process is asked for.

use std::net::SocketAddr;
use std::time::Duration;

use marketplace_simulator::{Fault, Matcher, Settings, Simulator};
use tokio::task::JoinSet;

use crate::program::{Program, TOKEN, environment};
use crate::service::registered;
use crate::wire::{form_post, sent};

/// Logs in again and again until nobody answers any more; how often somebody did.
async fn visit_until_the_end(address: SocketAddr, request: String) -> usize {
    let mut answered = 0;
    while let Some(page) = sent(address, &request).await {
        assert_eq!(page.status, 200, "{}", page.body);
        answered += 1;
    }
    answered
}

#[tokio::test]
async fn when_asked_to_end_it_answers_every_request_it_has_begun() {
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let program = Program::start(&environment).await;
    let calm = Fault::delay(Duration::from_millis(30));
    simulator.faults().always(Matcher::sign_jwt(), calm);
    let mut visits = JoinSet::new();
    for _ in 0..20 {
        let order = registered(&simulator, &environment).await;
        let token = simulator.token(&order.account, &order.user);
        let request = form_post("/login", &[(TOKEN, &token)], "");
        visits.spawn(visit_until_the_end(program.address, request));
    }
    // By then all twenty are under way, most of them for the second time or more.
    simulator.calls().answered(&Matcher::sign_jwt(), 60).await;
    let (status, lines) = program.terminate().await;
    assert_eq!(status.code(), Some(0));
    let answered: usize = visits.join_all().await.into_iter().sum();
    let requests = lines
        .iter()
        .filter(|line| line.get("httpRequest").is_some());
    assert_eq!(requests.count(), answered);
    assert!(answered >= 60 - 20, "{answered}");
    let end = lines
        .iter()
        .any(|line| line["message"] == "received SIGTERM");
    assert!(end, "{lines:?}");
}
