//! What each news says, and the events it becomes.

use marketplace::{EntitlementState, PlanId};
use store::Approval;

use super::*;
use crate::tests::{at, entitlement};

fn entry(news: &News, orders: &[&Entitlement]) -> OutboxEntry {
    let account = entitlement(&EntitlementState::Active, 0).account;
    let account = Account {
        // As an earlier version stored it.
        company: Some("\u{202d}Müller\u{a0}& Söhne\u{202c}".to_owned()),
        ..Account::new(&account, Approval::Approved, at(0))
    };
    let state = AccountState {
        account: &account,
        orders,
        now: at(7),
    };
    news.entry(&state, Sequence::new(9))
}

fn standard() -> Value {
    json!({
        "entitlement": "E-1",
        "product": "ours",
        "plan": "standard",
        "offer": null,
        "state": "ENTITLEMENT_ACTIVE",
        "subscription_end": null,
    })
}

#[test]
fn each_news_has_an_id_of_its_own_and_its_place() {
    let order = entitlement(&EntitlementState::Active, 5);
    let granted = entry(
        &News::of_order(OrderChange::AccessGranted, &order),
        &[&order],
    );
    let ended = entry(&News::of_order(OrderChange::AccessEnded, &order), &[&order]);
    assert_ne!(granted.id, ended.id);
    assert_eq!(granted.sequence.as_deref(), Some("00000000000000000009"));
    assert_eq!(granted.occurred, at(5));
}

#[test]
fn news_about_the_account_carries_all_of_its_orders() {
    let order = entitlement(&EntitlementState::Active, 5);
    let told = entry(&News::SignedUp, &[&order]);
    assert_eq!(
        (told.kind.as_str(), told.occurred),
        ("portico.account.signed-up", at(7))
    );
    assert_eq!(
        told.data,
        json!({
            "account": "A-1",
            "access": "live",
            "orders": [standard()],
            "unverified_company": "Müller & Söhne",
        })
    );
    assert_eq!(
        entry(&News::Announced, &[]).data,
        json!({ "account": "A-1", "access": "pending", "orders": [] })
    );
}

#[test]
fn the_application_is_asked_to_stop_and_why() {
    let order = entitlement(&EntitlementState::Active, 5);
    let stop = News::StopServing {
        order: order.clone(),
        reason: "BILLING_DISABLED".to_owned(),
    };
    let stop = entry(&stop, &[&order]);
    let mut data = json!({
        "account": "A-1",
        "access": "live",
        "orders": [standard()],
        "entitlement": "E-1",
        "product": "ours",
        "plan": "standard",
        "state": "ENTITLEMENT_ACTIVE",
    });
    let resume = entry(
        &News::ResumeServing {
            order: order.clone(),
        },
        &[&order],
    );
    assert_eq!(
        (resume.kind.as_str(), &resume.data),
        ("portico.usage.resume-serving", &data)
    );
    data["reason"] = "BILLING_DISABLED".into();
    assert_eq!(
        (stop.kind.as_str(), stop.data),
        ("portico.usage.stop-serving", data)
    );
}

#[test]
fn a_change_of_plan_names_both_plans() {
    let order = entitlement(&EntitlementState::Active, 5);
    let previous = PlanId::parse("starter").ok();
    let news = News::of_order(OrderChange::PlanChanged { previous }, &order);
    let told = entry(&news, &[&order]);
    let mut data = standard();
    data["account"] = "A-1".into();
    data["access"] = "live".into();
    data["orders"] = json!([standard()]);
    data["previous_plan"] = "starter".into();
    assert_eq!(
        (told.kind.as_str(), told.data),
        ("portico.plan.changed", data)
    );
}
