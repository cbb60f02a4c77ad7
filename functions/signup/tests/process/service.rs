//! The program serves customers, and what it logs of them.

use function_tests::customers_program::ProgramsCustomer;

use crate::program::PROGRAM;

#[tokio::test]
async fn a_customer_is_signed_up_and_known_after_a_restart() {
    let customer = ProgramsCustomer::start().await;
    customer.is_known_after_a_restart(PROGRAM, "/signup").await;
    let account = customer.simulator.account(&customer.order.account);
    assert_eq!(account.unwrap().times_approved, 1);
}

#[tokio::test]
async fn the_log_is_json_with_the_trace_and_without_secrets() {
    let customer = ProgramsCustomer::start().await;
    let logged = customer.is_logged_without_secrets(PROGRAM, "/signup", "signed-up");
    logged.await;
}
