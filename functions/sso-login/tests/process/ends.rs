//! The end that a process is asked for.

use function_tests::customers_program::answers_what_it_has_started;
use marketplace_simulator::{Settings, Simulator};

use crate::program::{PROGRAM, environment};
use crate::service::register;

#[tokio::test]
async fn when_asked_to_end_it_answers_every_request_it_has_begun() {
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let program = PROGRAM.start(&environment).await;
    let orders: Vec<_> = (0..20).map(|_| simulator.buy()).collect();
    for order in &orders {
        register(order, &environment).await;
    }
    answers_what_it_has_started(program, "/login", &simulator, orders).await;
}
