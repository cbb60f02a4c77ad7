use procurement::{
    AccountEntitlements, Entitlement, PageToken, ProcurementError, Unavailable, UnusableResource,
};
use serde_json::{Value, json};

use crate::{
    HOST, account_id, client,
    fake::{Fake, FakeAnswer as Answer, soon},
};

const ALL: &str = "GET /v1/providers/example-partner/entitlements?pageSize=200";
const OF_ACCOUNT: &str = "GET /v1/providers/example-partner/entitlements?pageSize=200\
                          &filter=account%3DE-1234";

fn entitlement(id: &str, account: &str) -> Value {
    json!({
        "name": format!("providers/example-partner/entitlements/{id}"),
        "account": format!("providers/example-partner/accounts/{account}"),
    })
}

fn page(entitlements: &[Value], next: &str) -> Answer {
    let page = json!({"entitlements": entitlements, "nextPageToken": next});
    Answer::json(200, &page.to_string())
}

fn ids(entitlements: &[Entitlement]) -> Vec<&str> {
    entitlements.iter().map(|e| e.id.as_str()).collect()
}

async fn entitlements_of(fake: &Fake) -> Result<AccountEntitlements, ProcurementError> {
    client(fake).entitlements_of(&account_id(), soon()).await
}

#[tokio::test]
async fn all_pages_of_an_account_are_read() {
    let fake = Fake::start().await;
    fake.then(HOST, page(&[entitlement("1", "E-1234")], "b/+="))
        .then(HOST, page(&[], "c"))
        .then(
            HOST,
            page(
                &[entitlement("2", "E-1234"), entitlement("3", "E-1234")],
                "",
            ),
        );
    let found = entitlements_of(&fake).await.unwrap();
    assert_eq!(ids(&found.entitlements), ["1", "2", "3"]);
    assert_eq!(
        fake.calls(HOST),
        [
            OF_ACCOUNT.to_owned(),
            format!("{OF_ACCOUNT}&pageToken=b%2F%2B%3D"),
            format!("{OF_ACCOUNT}&pageToken=c"),
        ]
    );
}

#[tokio::test]
async fn an_account_without_entitlements_has_none() {
    let fake = Fake::start().await;
    fake.then(HOST, Answer::json(200, "{}"));
    let found = entitlements_of(&fake).await.unwrap();
    assert_eq!(found, AccountEntitlements::default());
}

#[tokio::test]
async fn another_customers_entitlement_is_never_taken() {
    let fake = Fake::start().await;
    let without_account = json!({"name": "providers/example-partner/entitlements/4"});
    let all = [
        entitlement("1", "E-12345"),
        entitlement("2", "E-1234"),
        entitlement("3", "other"),
        without_account,
    ];
    fake.then(HOST, page(&all, ""));
    let found = entitlements_of(&fake).await.unwrap();
    assert_eq!(ids(&found.entitlements), ["2"]);
    assert_eq!(found.unreadable, []);
}

#[tokio::test]
async fn an_unreadable_entitlement_of_the_account_hides_none_of_the_others() {
    let fake = Fake::start().await;
    let foreign = json!({
        "name": "providers/other/entitlements/1",
        "account": "providers/other/accounts/E-1234",
    });
    let mut undated = entitlement("2", "E-1234");
    undated["updateTime"] = json!("yesterday");
    fake.then(HOST, page(&[foreign, entitlement("3", "E-1234")], "b"))
        .then(HOST, page(&[undated, entitlement("4", "E-1234")], ""));

    let found = entitlements_of(&fake).await.unwrap();

    assert_eq!(ids(&found.entitlements), ["3", "4"]);
    assert_eq!(
        found.unreadable,
        [UnusableResource::OtherProvider, UnusableResource::Fields]
    );
}

#[tokio::test]
async fn an_unreadable_entitlement_of_another_account_does_not_count() {
    let fake = Fake::start().await;
    let mut undated = entitlement("1", "E-9");
    undated["updateTime"] = json!("yesterday");
    fake.then(HOST, page(&[undated, json!("x")], ""));
    let found = entitlements_of(&fake).await.unwrap();
    assert_eq!(found, AccountEntitlements::default());
}

#[tokio::test]
async fn an_order_whose_plan_is_unreadable_is_one_of_the_account() {
    let fake = Fake::start().await;
    let mut old = entitlement("1", "E-1234");
    old["plan"] = json!("Pro\u{202e}plan");
    fake.then(HOST, page(&[old, entitlement("2", "E-1234")], ""));
    let found = entitlements_of(&fake).await.unwrap();
    assert_eq!(ids(&found.entitlements), ["1", "2"]);
    assert_eq!(found.unreadable, []);
}

#[tokio::test]
async fn an_old_order_with_a_name_as_its_plan_is_read() {
    let fake = Fake::start().await;
    let mut old = entitlement("1", "E-1234");
    old["plan"] = json!("Pro plan (annual)");
    fake.then(HOST, page(&[old], ""));
    let found = entitlements_of(&fake).await.unwrap();
    let plan = found.entitlements[0].plan.as_ref().unwrap();
    assert_eq!(plan.as_str(), "Pro plan (annual)");
}

#[tokio::test]
async fn a_list_that_does_not_end_is_left() {
    for (tokens, calls) in [(["a", "a"], 2), (["a", "b"], 25)] {
        let fake = Fake::start().await;
        for token in tokens.iter().cycle().take(30) {
            fake.then(HOST, page(&[], token));
        }
        let error = entitlements_of(&fake).await.unwrap_err();
        assert!(
            matches!(
                error,
                ProcurementError::Unavailable(Unavailable::EndlessList)
            ),
            "{error:?}"
        );
        assert_eq!(fake.calls(HOST).len(), calls);
    }
}

#[tokio::test]
async fn a_page_hides_nothing_behind_one_bad_resource() {
    let fake = Fake::start().await;
    let mut bad = entitlement("2", "E-1234");
    bad["updateTime"] = json!("yesterday");
    let all = [
        entitlement("1", "E-1234"),
        bad,
        json!("x"),
        entitlement("3", "E-9"),
    ];
    fake.then(HOST, page(&all, "next"));

    let page = client(&fake).entitlements(None, soon()).await.unwrap();

    assert_eq!(ids(&page.resources), ["1", "3"]);
    assert_eq!(
        page.unusable,
        [UnusableResource::Fields, UnusableResource::Name]
    );
    let next: PageToken = serde_json::from_value(json!("next")).unwrap();
    assert_eq!(page.next, Some(next));
    assert_eq!(fake.calls(HOST), [ALL]);
}

#[tokio::test]
async fn reading_goes_on_at_a_kept_token() {
    let fake = Fake::start().await;
    let accounts = json!({"accounts": [{"name": "providers/example-partner/accounts/E-1"}]});
    fake.then(HOST, Answer::json(200, &accounts.to_string()));
    let kept: PageToken = serde_json::from_value(json!("kept")).unwrap();

    let page = client(&fake).accounts(Some(&kept), soon()).await.unwrap();

    assert_eq!(page.resources[0].id.as_str(), "E-1");
    assert_eq!((page.unusable, page.next), (vec![], None));
    assert_eq!(
        fake.calls(HOST),
        ["GET /v1/providers/example-partner/accounts?pageSize=200&pageToken=kept"]
    );
}
