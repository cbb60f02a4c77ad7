//! The end that a process is asked for.

use function_tests::customer_program::environment;
use marketplace_simulator::{Settings, Simulator};

use crate::program::PROGRAM;
use crate::service::register;

#[tokio::test]
async fn when_asked_to_end_it_answers_every_request_it_has_begun() {
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let running = PROGRAM.program.start(&environment).await;
    let mut orders = Vec::new();
    for _ in 0..20 {
        let order = simulator.buy();
        register(&order, &environment).await;
        orders.push(order);
    }
    PROGRAM
        .answers_what_it_has_begun(running, &simulator, &orders)
        .await;
}
