use marketplace::{AccountState, ApprovalState};
use procurement::{Approval, ProcurementError, Unavailable, UnusableResource};
use serde_json::{Value, json};

use crate::{
    HOST, account_id, client,
    fake::{Fake, FakeAnswer as Answer, METADATA, TOKEN, soon},
};

fn pending(name: &str) -> String {
    json!({
        "name": name,
        "provider": "example-partner",
        "state": "ACCOUNT_ACTIVE",
        "approvals": [{"name": "signup", "state": "PENDING"}],
    })
    .to_string()
}

async fn unusable(answer: &str) -> UnusableResource {
    let fake = Fake::start().await;
    fake.then(HOST, Answer::json(200, answer));
    let error = client(&fake).account(&account_id(), soon()).await;
    match error {
        Err(ProcurementError::Unavailable(Unavailable::Resource(why))) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_account_is_read_with_its_approvals() {
    let fake = Fake::start().await;
    let answer = pending("providers/example-partner/accounts/E-1234");
    fake.then(HOST, Answer::json(200, &answer));

    let account = client(&fake).account(&account_id(), soon()).await.unwrap();

    assert_eq!(account.id, account_id());
    assert_eq!(account.state, AccountState::Active);
    let sign_up = account.approval(Approval::SIGN_UP).unwrap();
    assert_eq!(sign_up.state, ApprovalState::Pending);
    assert_eq!(
        fake.calls(HOST),
        ["GET /v1/providers/example-partner/accounts/E-1234"]
    );
    let bearer = &fake.received(HOST)[0].headers["authorization"];
    assert_eq!(*bearer, format!("Bearer {TOKEN}"));
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_taken() {
    for (name, why) in [
        (
            "providers/example-partner/accounts/E-9",
            UnusableResource::OtherResource,
        ),
        (
            "providers/other/accounts/E-1234",
            UnusableResource::OtherProvider,
        ),
        ("", UnusableResource::Name),
    ] {
        assert_eq!(unusable(&pending(name)).await, why, "{name}");
    }
    assert_eq!(unusable("[]").await, UnusableResource::Name);
}

#[tokio::test]
async fn an_account_is_approved_rejected_and_reset() {
    let fake = Fake::start().await;
    for _ in 0..3 {
        fake.then(HOST, Answer::json(200, "{}"));
    }
    let (client, id) = (client(&fake), account_id());
    client.approve_account(&id, soon()).await.unwrap();
    client.reject_account(&id, "why", soon()).await.unwrap();
    client.reset_account(&id, soon()).await.unwrap();

    assert_eq!(
        fake.calls(HOST),
        [
            "POST /v1/providers/example-partner/accounts/E-1234:approve",
            "POST /v1/providers/example-partner/accounts/E-1234:reject",
            "POST /v1/providers/example-partner/accounts/E-1234:reset",
        ]
    );
    let bodies: Vec<Value> = fake
        .received(HOST)
        .iter()
        .map(|request| serde_json::from_str(&request.body).unwrap())
        .collect();
    assert_eq!(
        bodies,
        [
            json!({"approvalName": "signup"}),
            json!({"approvalName": "signup", "reason": "why"}),
            json!({}),
        ]
    );
}

#[tokio::test]
async fn the_client_is_warmed_up_without_a_call() {
    let fake = Fake::start().await;
    client(&fake).warm_up().await;
    assert_eq!(fake.calls(METADATA).len(), 1);
    assert_eq!(fake.calls(HOST), Vec::<String>::new());
}
