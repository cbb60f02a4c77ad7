//! The two ends of a process: the one it is asked for, and the one that just comes.

use function_tests::browser::TOKEN;
use function_tests::customers_program::answers_what_it_has_started;
use function_tests::emulator;
use function_tests::hand_off::handed_over;
use function_tests::visited::soon;
use function_tests::wire::{exchange, form_post, sent};
use http::Method;
use marketplace_simulator::{Fault, Matcher, Settings, Simulator};
use store::Approval;

use crate::program::{PROGRAM, environment};

#[tokio::test]
async fn when_asked_to_end_it_answers_every_request_it_has_begun() {
    let simulator = Simulator::start(Settings::default()).await;
    let program = PROGRAM.start(&environment(&simulator)).await;
    let orders = (0..20).map(|_| simulator.buy()).collect();
    answers_what_it_has_started(program, "/signup", &simulator, orders).await;
}

#[tokio::test]
async fn a_process_killed_between_its_two_commits_is_completed_by_the_next() {
    let simulator = Simulator::start(Settings::default()).await;
    let environment = environment(&simulator);
    let order = simulator.buy();
    let token = simulator.token(&order.account, &order.user);
    let request = form_post("/signup", &[(TOKEN, &token)], "");
    let approval = Matcher::procurement()
        .method(Method::POST)
        .path("/accounts/");
    // Google approves and says nothing, or has not heard of it yet.
    for (fault, approved) in [(Fault::hang(), 0), (Fault::hang().after_effect(), 1)] {
        let program = PROGRAM.start(&environment).await;
        let held = simulator.faults().next(approval.clone(), fault);
        let visit = tokio::spawn(sent(program.address, request.clone()));
        held.arrived().await;
        if approved == 1 {
            let is_approved =
                |account: &marketplace_simulator::Account| account.times_approved == 1;
            simulator.account_when(&order.account, is_approved).await;
        }
        let lines = program.kill().await;
        assert!(lines.iter().all(|line| line.get("httpRequest").is_none()));
        assert_eq!(visit.await.unwrap(), None, "the customer got no answer");
        let account = simulator.account(&order.account).unwrap();
        assert_eq!(account.times_approved, approved);
        // The intent is stored, and nothing else.
        let store = emulator::store(&environment["GOOGLE_CLOUD_PROJECT"], &emulator::host());
        let stored = store
            .account(&order.account, soon())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(stored.record.approval, Approval::Approving);
        assert_eq!(
            store.links_of(&order.account, soon()).await.unwrap().len(),
            1
        );
    }
    simulator.faults().clear();

    let program = PROGRAM.start(&environment).await;
    let page = exchange(program.address, &request).await;
    let claims = handed_over(&page, &simulator).await;
    assert_eq!(claims["new_user"], true);
    let account = simulator.account(&order.account).unwrap();
    assert_eq!(account.times_approved, 1);
    let bought = simulator.entitlement(&order.entitlement).unwrap();
    assert_eq!(bought.times_approved, 1);
    assert_eq!(program.terminate().await.0.code(), Some(0));
    assert_eq!(simulator.violations(), Vec::<String>::new());
}
