//! Faults on request.

use std::time::Duration;

use marketplace::ApprovalState;
use marketplace_simulator::{Fault, Matcher};
use serde_json::{Value, json};

use crate::caller::{Caller, answer, good};

/// A simulator with an account, and the path that approves it.
async fn account() -> (Caller, marketplace::ProcurementAccountId, String) {
    let caller = Caller::start().await;
    let account = caller.sim.create_account();
    let path = format!("/accounts/{account}:approve");
    (caller, account, path)
}

fn approvals() -> Matcher {
    Matcher::procurement()
        .method(http::Method::POST)
        .path(":approve")
}

#[tokio::test]
async fn a_status_comes_with_google_s_body_so_many_times() {
    let (caller, account, approve) = account().await;
    let fault = Fault::status(503).retry_after(Duration::from_secs(7));
    let planned = caller.sim.faults().times(2, approvals(), fault);
    for _ in 0..2 {
        let response = caller.post(&approve, &json!({})).send().await.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["retry-after"], "7");
        let body: Value = response.json().await.unwrap();
        let text = "The service is currently unavailable.";
        let error = json!({"code": 503, "message": text, "status": "UNAVAILABLE"});
        assert_eq!(body["error"], error);
    }
    assert_eq!(caller.sim.account(&account).unwrap().times_approved, 0);
    good(caller.post(&approve, &json!({}))).await;
    assert_eq!(planned.hits(), 2);
}

#[tokio::test]
async fn a_fault_can_come_after_the_effect() {
    let (caller, account, approve) = account().await;
    let lost = Fault::status(500).after_effect();
    caller.sim.faults().next(approvals(), lost);
    let response = caller.post(&approve, &json!({})).send().await.unwrap();
    assert_eq!(response.status(), 500);
    let after = caller.sim.account(&account).unwrap();
    assert_eq!(after.signup(), &ApprovalState::Approved);
}

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_effect() {
    let (caller, account, approve) = account().await;
    for (fault, times_approved) in [(Fault::cut(), 0), (Fault::cut().after_effect(), 1)] {
        caller.sim.faults().next(approvals(), fault);
        let error = caller.post(&approve, &json!({})).send().await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        let after = caller.sim.account(&account).unwrap();
        assert_eq!(after.times_approved, times_approved);
    }
    // The simulator itself goes on.
    let get = caller.get(&format!("/accounts/{account}"));
    good(get).await;
}

#[tokio::test]
async fn a_connection_is_cut_in_the_middle_of_the_answer() {
    let (caller, account, _) = account().await;
    let cut = Fault::cut_mid_body();
    caller.sim.faults().next(Matcher::any(), cut);
    let get = caller.get(&format!("/accounts/{account}"));
    let response = get.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers().get("x-simulated-transport"), None);
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn a_call_hangs_before_or_after_its_effect_until_it_is_released() {
    for (fault, times_approved) in [(Fault::hang(), 0), (Fault::hang().after_effect(), 1)] {
        let (caller, account, approve) = account().await;
        let approved = || caller.sim.account(&account).unwrap().times_approved;
        let hang = caller.sim.faults().next(approvals(), fault);
        let call = tokio::spawn(good(caller.post(&approve, &json!({}))));
        hang.arrived().await;
        assert_eq!(approved(), times_approved);
        hang.release();
        call.await.unwrap();
        assert_eq!(approved(), 1);
    }
}

#[tokio::test]
async fn clearing_releases_every_call_that_hangs() {
    let (caller, _, approve) = account().await;
    let faults = caller.sim.faults();
    let planned = [
        faults.next(Matcher::any(), Fault::hang()),
        faults.always(Matcher::any(), Fault::hang()),
    ];
    let mut calls = Vec::new();
    for hang in planned {
        calls.push(tokio::spawn(answer(caller.post(&approve, &json!({})))));
        hang.arrived().await;
    }
    faults.clear();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(caller.sim.calls().count(&Matcher::any()), 2);
}

#[tokio::test]
async fn of_many_concurrent_approvals_one_has_an_effect() {
    let (caller, account, approve) = account().await;
    let calls: Vec<_> = (0..50)
        .map(|_| tokio::spawn(answer(caller.post(&approve, &json!({})))))
        .collect();
    let mut granted = 0;
    for call in calls {
        granted += usize::from(call.await.unwrap().0 == 200);
    }
    let times_approved = caller.sim.account(&account).unwrap().times_approved;
    assert_eq!((granted, times_approved), (1, 1));
}

#[tokio::test]
async fn garbage_and_slow_and_late_answers_are_answers() {
    let (caller, account, _) = account().await;
    let path = format!("/accounts/{account}");
    caller.sim.faults().next(Matcher::any(), Fault::garbage());
    let garbage = caller.get(&path).send().await.unwrap();
    assert_eq!(garbage.status(), 200);
    assert!(garbage.json::<Value>().await.is_err());
    for fault in [
        Fault::slow(Duration::from_millis(1)),
        Fault::delay(Duration::from_millis(1)),
    ] {
        caller.sim.faults().next(Matcher::any(), fault);
        let body = good(caller.get(&path)).await;
        assert_eq!(body["state"], "ACCOUNT_ACTIVE");
    }
    let calls = caller.sim.calls().all();
    let faults: Vec<_> = calls.into_iter().filter_map(|call| call.fault).collect();
    assert_eq!(faults, ["garbage", "slow answer", "delay 1 ms"]);
}

#[tokio::test]
async fn the_nth_call_is_hit_and_those_after_it_if_wanted() {
    let caller = Caller::start().await;
    let faults = caller.sim.faults();
    faults.nth(2, Matcher::any(), Fault::status(500));
    faults.from_nth(4, Matcher::any(), Fault::status(429));
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(answer(caller.get("/accounts")).await.0);
    }
    assert_eq!(statuses, [200, 500, 200, 429, 429]);
    faults.clear();
    good(caller.get("/accounts")).await;
}

#[tokio::test]
async fn only_calls_that_fit_are_hit() {
    let (caller, account, _) = account().await;
    for calls in [approvals(), Matcher::access_token(), Matcher::sign_jwt()] {
        caller.sim.faults().always(calls, Fault::status(500));
    }
    good(caller.get(&format!("/accounts/{account}"))).await;
}
