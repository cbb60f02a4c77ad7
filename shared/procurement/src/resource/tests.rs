use jiff::Timestamp;
use marketplace::{AccountState, ApprovalState, EntitlementState, ProductId};
use serde_json::json;

use super::*;
use crate::{Approval, Consumer};

const ACCOUNT: &str = "providers/example-partner/accounts/E-1234";

fn provider() -> ProviderId {
    ProviderId::parse("example-partner").unwrap()
}

fn account(json: &Value) -> Result<Account, UnusableResource> {
    parse(json, &provider())
}

fn entitlement(json: &Value) -> Result<Entitlement, UnusableResource> {
    parse(json, &provider())
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

fn text(text: &str) -> Option<String> {
    text.parse().ok()
}

#[test]
fn every_documented_field_of_an_account_is_read() {
    let read = account(&json!({
        "name": ACCOUNT,
        "provider": "example-partner",
        "state": "ACCOUNT_ACTIVE",
        "createTime": "2026-01-21T00:06:17.568941Z",
        "updateTime": "2026-01-21T00:08:02.101Z",
        "resellerParentBillingAccount": "billingAccounts/1",
        "inputProperties": {"a": 1},
        "approvals": [
            {"name": "other", "state": "PENDING"},
            {"name": "signup", "state": "APPROVED", "reason": "r", "updateTime": "2026-01-21T00:08:02Z"},
        ],
        "addedLater": [{}],
    }))
    .unwrap();
    let sign_up = Approval {
        name: "signup".to_owned(),
        state: ApprovalState::Approved,
        reason: text("r"),
        update_time: time("2026-01-21T00:08:02Z"),
    };
    assert_eq!(read.approval(Approval::SIGN_UP), Some(&sign_up));
    assert_eq!(read.approval("third"), None);
    let other = Approval {
        name: "other".to_owned(),
        state: ApprovalState::Pending,
        reason: None,
        update_time: None,
    };
    assert_eq!(
        read,
        Account {
            id: ProcurementAccountId::parse("E-1234").unwrap(),
            state: AccountState::Active,
            approvals: vec![other, sign_up],
            create_time: time("2026-01-21T00:06:17.568941Z"),
            update_time: time("2026-01-21T00:08:02.101Z"),
            reseller_parent_billing_account: text("billingAccounts/1"),
            input_properties: [("a".to_owned(), json!(1))].into_iter().collect(),
        }
    );
}

#[test]
fn every_documented_field_of_an_entitlement_is_read() {
    let read = entitlement(&json!({
        "name": "providers/example-partner/entitlements/7a1c",
        "account": ACCOUNT,
        "provider": "example-partner",
        "product": "p.endpoints.example.cloud.goog",
        "productExternalName": "q.endpoints.example.cloud.goog",
        "quoteExternalName": "quote",
        "plan": "standard-plan",
        "newPendingPlan": "premium-plan",
        "createTime": "2026-01-01T00:00:00Z",
        "updateTime": "2026-01-02T00:00:00Z",
        "subscriptionEndTime": "2026-01-03T00:00:00Z",
        "offerEndTime": "2026-01-04T00:00:00Z",
        "newOfferStartTime": "2026-01-05T00:00:00+01:00",
        "newOfferEndTime": "2026-01-06T00:00:00Z",
        "orderId": "7a1c",
        "offer": "projects/1/services/s/standardOffers/o",
        "offerDuration": "P1Y",
        "newPendingOffer": "projects/1/services/s/privateOffers/o",
        "newPendingOfferDuration": "P2Y3M",
        "entitlementBenefitIds": ["b"],
        "state": "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL",
        "usageReportingId": "project_number:1",
        "messageToUser": "soon",
        "cancellationReason": "unknown",
        "consumers": [{"project": "projects/1"}],
        "inputProperties": {},
        "addedLater": {"x": []},
    }))
    .unwrap();
    assert_eq!(
        read,
        Entitlement {
            id: EntitlementId::parse("7a1c").unwrap(),
            account: ProcurementAccountId::parse("E-1234").unwrap(),
            state: EntitlementState::PendingPlanChangeApproval,
            product_external_name: ProductId::parse("q.endpoints.example.cloud.goog").ok(),
            product: text("p.endpoints.example.cloud.goog"),
            plan: "standard-plan".to_owned().try_into().ok(),
            new_pending_plan: "premium-plan".to_owned().try_into().ok(),
            order_id: text("7a1c"),
            offer: text("projects/1/services/s/standardOffers/o"),
            offer_duration: text("P1Y"),
            offer_end_time: time("2026-01-04T00:00:00Z"),
            new_pending_offer: text("projects/1/services/s/privateOffers/o"),
            new_pending_offer_duration: text("P2Y3M"),
            new_offer_start_time: time("2026-01-04T23:00:00Z"),
            new_offer_end_time: time("2026-01-06T00:00:00Z"),
            subscription_end_time: time("2026-01-03T00:00:00Z"),
            quote_external_name: text("quote"),
            entitlement_benefit_ids: vec!["b".to_owned()],
            usage_reporting_id: text("project_number:1"),
            consumers: vec![Consumer {
                project: text("projects/1")
            }],
            message_to_user: text("soon"),
            cancellation_reason: text("unknown"),
            create_time: time("2026-01-01T00:00:00Z"),
            update_time: time("2026-01-02T00:00:00Z"),
            input_properties: serde_json::Map::new(),
        }
    );
}

#[test]
fn what_is_left_out_empty_or_unknown_is_survived() {
    let bare = account(&json!({"name": ACCOUNT})).unwrap();
    assert_eq!(bare.state, AccountState::Other(String::new()));
    assert_eq!((bare.approvals, bare.create_time), (vec![], None));

    let read = entitlement(&json!({
        "name": "providers/example-partner/entitlements/7a1c",
        "account": ACCOUNT,
        "state": "ENTITLEMENT_PAUSED",
        "plan": "",
        "newOfferEndTime": "",
        "offer": null,
    }))
    .unwrap();
    assert_eq!(read.state.as_str(), "ENTITLEMENT_PAUSED");
    assert_eq!(
        (read.plan, read.new_offer_end_time, read.offer),
        (None, None, None)
    );
}

#[test]
fn the_product_is_the_explicit_one_or_a_product_among_the_deprecated() {
    for (explicit, deprecated, expected) in [
        ("a.goog", "b.goog", Some("a.goog")),
        ("", "b.goog", Some("b.goog")),
        ("", "projects/1/services/s/privateOffers/o", None),
        ("", "", None),
    ] {
        let read = entitlement(&json!({
            "name": "entitlements/7a1c",
            "provider": "example-partner",
            "account": ACCOUNT,
            "productExternalName": explicit,
            "product": deprecated,
        }))
        .unwrap();
        let product = read.product_id();
        assert_eq!(product.as_ref().map(ProductId::as_str), expected);
    }
}

#[test]
fn names_are_checked_before_anything_else() {
    for (name, expected) in [
        (json!("accounts/E-1234"), None),
        (json!(null), Some(UnusableResource::Name)),
        (json!(7), Some(UnusableResource::Name)),
        (json!(""), Some(UnusableResource::Name)),
        (json!("E-1234"), Some(UnusableResource::Name)),
        (json!("accounts/"), Some(UnusableResource::Name)),
        (json!("accounts/.."), Some(UnusableResource::Name)),
        (json!("accounts/a b"), Some(UnusableResource::Name)),
        (json!("entitlements/E-1234"), Some(UnusableResource::Name)),
        (
            json!("providers/example-partner/accounts/a/b"),
            Some(UnusableResource::Name),
        ),
        (
            json!("providers/other/accounts/E-1234"),
            Some(UnusableResource::OtherProvider),
        ),
    ] {
        let json = json!({"name": name, "provider": "example-partner"});
        assert_eq!(account(&json).err(), expected, "{json}");
    }
    let without_provider = account(&json!({"name": "accounts/E-1234"}));
    assert_eq!(without_provider, Err(UnusableResource::OtherProvider));
}

#[test]
fn an_entitlement_needs_an_account_of_the_same_provider() {
    for (account, expected) in [
        (json!(null), UnusableResource::Account),
        (json!("E-1234"), UnusableResource::Account),
        (
            json!("providers/other/accounts/E-1234"),
            UnusableResource::OtherProvider,
        ),
    ] {
        let json = json!({
            "name": "providers/example-partner/entitlements/7a1c",
            "account": account,
        });
        assert_eq!(entitlement(&json).err(), Some(expected), "{json}");
    }
}

#[test]
fn an_unreadable_plan_does_not_hide_an_order() {
    let read = entitlement(&json!({
        "name": "providers/example-partner/entitlements/7a1c",
        "account": ACCOUNT,
        "state": "ENTITLEMENT_CANCELLED",
        "plan": "Pro\u{202e}plan",
        "newPendingPlan": 7,
    }))
    .unwrap();
    assert_eq!(read.state, EntitlementState::Cancelled);
    assert_eq!((read.plan, read.new_pending_plan), (None, None));
}

#[test]
fn a_plan_and_ids_may_have_what_google_s_have() {
    let read = parse::<Entitlement>(
        &json!({
            "name": "providers/DEMO-example.com:project/entitlements/order:1~a",
            "account": "providers/DEMO-example.com:project/accounts/E-1234",
            "plan": "Pro plan (annual)",
            "newPendingPlan": "Pro/Max, 100 %",
            "productExternalName": "example.com:product",
        }),
        &ProviderId::parse("DEMO-example.com:project").unwrap(),
    )
    .unwrap();
    assert_eq!(read.id.as_str(), "order:1~a");
    assert_eq!(read.account.as_str(), "E-1234");
    assert_eq!(read.plan.unwrap().as_str(), "Pro plan (annual)");
    assert_eq!(read.new_pending_plan.unwrap().as_str(), "Pro/Max, 100 %");
    assert_eq!(
        read.product_external_name.unwrap().as_str(),
        "example.com:product"
    );
}

#[test]
fn what_nothing_is_decided_by_may_have_any_form() {
    let left_out = entitlement(&json!({
        "name": "providers/example-partner/entitlements/7a1c",
        "account": ACCOUNT,
        "consumers": "x",
        "entitlementBenefitIds": {},
        "inputProperties": null,
        "cancellationReason": 3,
        "quoteExternalName": [],
    }))
    .unwrap();
    assert_eq!(
        (left_out.consumers, left_out.cancellation_reason),
        (vec![], None)
    );
    let account = account(&json!({"name": ACCOUNT, "inputProperties": "x", "approvals": null}));
    let account = account.unwrap();
    assert!(account.input_properties.is_empty() && account.approvals.is_empty());
}

#[test]
fn what_an_order_is_decided_by_must_be_readable() {
    for (field, value) in [
        ("state", json!(1)),
        ("productExternalName", json!("a product")),
        ("product", json!({})),
        ("offer", json!(["x"])),
        ("updateTime", json!("yesterday")),
        ("newOfferStartTime", json!(0)),
        ("subscriptionEndTime", json!("never")),
    ] {
        let mut json = json!({
            "name": "providers/example-partner/entitlements/7a1c",
            "account": ACCOUNT,
        });
        json[field] = value;
        assert_eq!(entitlement(&json), Err(UnusableResource::Fields), "{field}");
    }
}

#[test]
fn the_path_of_an_offer_names_the_product_if_nothing_else_does() {
    const PRIVATE: &str = "projects/1/services/s.goog/privateOffers/o";
    const STANDARD: &str = "projects/1/services/t.goog/standardOffers/o";
    for (explicit, deprecated, offer, expected) in [
        ("", PRIVATE, "", Some("s.goog")),
        ("", STANDARD, PRIVATE, Some("t.goog")),
        ("", "quotes/q", PRIVATE, Some("s.goog")),
        ("", "", PRIVATE, Some("s.goog")),
        ("a.goog", PRIVATE, PRIVATE, None),
        ("", "b.goog", PRIVATE, None),
        ("", "", "", None),
        ("", "projects/1/services/s.goog", "", None),
        ("", "projects/1/services/s.goog/privateOffers/o/p", "", None),
        ("", "projects/1/services/a b/privateOffers/o", "", None),
        ("", "projects/1/topics/s.goog/privateOffers/o", "", None),
    ] {
        let read = entitlement(&json!({
            "name": "providers/example-partner/entitlements/7a1c",
            "account": ACCOUNT,
            "productExternalName": explicit,
            "product": deprecated,
            "offer": offer,
        }))
        .unwrap();
        let product = read.product_in_offer();
        let product = product.as_ref().map(ProductId::as_str);
        assert_eq!(product, expected, "{explicit} {deprecated} {offer}");
    }
}

#[test]
fn a_field_of_another_type_is_an_error() {
    for (field, value) in [
        ("createTime", json!("yesterday")),
        ("state", json!(1)),
        ("approvals", json!({})),
    ] {
        let mut json = json!({"name": ACCOUNT});
        json[field] = value;
        assert_eq!(account(&json), Err(UnusableResource::Fields), "{field}");
    }
}

#[test]
fn what_is_no_object_has_no_name() {
    for json in [json!([]), json!(null), json!("x"), json!(1)] {
        assert_eq!(account(&json), Err(UnusableResource::Name));
    }
}
