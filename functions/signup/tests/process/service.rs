//! The program serves customers, and what it logs of them.

use function_tests::customer_program::Customer;

use crate::program::PROGRAM;

#[tokio::test]
async fn a_customer_is_signed_up_and_known_after_a_restart() {
    let customer = Customer::who_bought().await;
    PROGRAM.knows_its_customer_after_a_restart(&customer).await;
    let account = customer.simulator.account(&customer.order.account);
    assert_eq!(account.unwrap().times_approved, 1);
}

#[tokio::test]
async fn the_log_is_json_with_the_trace_and_without_secrets() {
    let customer = Customer::who_bought().await;
    PROGRAM.logs_its_trace_and_no_secret(&customer).await;
}
