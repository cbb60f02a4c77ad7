//! Accounts and entitlements as JSON.

use jiff::Timestamp;
use marketplace::{EntitlementState, ProviderId};
use serde_json::{Value, json};

use super::json::{object, optional, text};

use crate::marketplace_state::{Account, Entitlement, OfferTerm};

pub(super) fn account(provider: &ProviderId, account: &Account) -> Value {
    let approvals: Vec<Value> = account
        .approvals
        .iter()
        .map(|approval| {
            object([
                ("name", text(&approval.name)),
                ("state", text(&approval.state.as_str())),
                ("reason", optional(approval.reason.as_deref())),
                ("updateTime", text(&approval.update_time)),
            ])
        })
        .collect();
    object([
        (
            "name",
            text(&format!("providers/{provider}/accounts/{}", account.id)),
        ),
        ("updateTime", text(&account.update_time)),
        ("createTime", text(&account.create_time)),
        ("provider", text(provider)),
        ("state", text(&account.state.as_str())),
        ("approvals", Value::from(approvals)),
        ("inputProperties", json!(account.properties)),
    ])
}

pub(super) fn entitlement(provider: &ProviderId, entitlement: &Entitlement) -> Value {
    let it = entitlement;
    let pending = it.new_pending_plan.as_ref();
    let offer = it.new_pending_offer.as_ref();
    object([
        (
            "name",
            text(&format!("providers/{provider}/entitlements/{}", it.id)),
        ),
        (
            "account",
            text(&format!("providers/{provider}/accounts/{}", it.account)),
        ),
        ("provider", text(provider)),
        ("product", text(&it.product)),
        ("productExternalName", text(&it.product)),
        ("quoteExternalName", optional(it.quote.as_ref())),
        ("plan", text(&it.plan)),
        ("createTime", text(&it.create_time)),
        ("updateTime", text(&it.update_time)),
        ("orderId", text(&it.id)),
        ("offer", text(&it.offer)),
        ("entitlementBenefitIds", json!(it.benefit_ids)),
        ("state", text(&it.state.as_str())),
        ("offerDuration", optional(offer_duration(it))),
        ("offerEndTime", optional(offer_end(it))),
        ("newOfferStartTime", optional(offer_start(it))),
        ("newPendingPlan", optional(pending)),
        ("newPendingOffer", optional(offer.map(|offer| &offer.name))),
        ("newPendingOfferDuration", optional(pending_duration(it))),
        ("newOfferEndTime", optional(pending_end(it))),
        ("usageReportingId", optional(it.usage_reporting_id.as_ref())),
        ("consumers", consumers(it)),
        ("messageToUser", optional(it.message_to_user.as_ref())),
        (
            "cancellationReason",
            optional(it.cancellation_reason.as_ref()),
        ),
        ("subscriptionEndTime", optional(it.subscription_end_time)),
    ])
}

/// Of a private offer with a duration, in every state that the simulator knows.
fn offer_duration(it: &Entitlement) -> Option<String> {
    it.private_offer.as_ref()?.duration()
}

/// The end of a private offer: before its approval only if it has an end date.
fn offer_end(it: &Entitlement) -> Option<Timestamp> {
    let offer = it.private_offer.as_ref()?;
    match offer.term {
        OfferTerm::Months(_) if !it.is_approved => None,
        _ => it.term_end_time.or(offer.end()),
    }
}

/// The start that an approved order waits for.
fn offer_start(it: &Entitlement) -> Option<Timestamp> {
    let waits = it.is_approved && it.state == EntitlementState::ActivationRequested;
    it.start().filter(|_| waits)
}

/// The duration of a private offer that a change of plan moves to.
fn pending_duration(it: &Entitlement) -> Option<String> {
    it.new_pending_offer.as_ref()?.private.as_ref()?.duration()
}

/// Its end, only if it has an end date.
fn pending_end(it: &Entitlement) -> Option<Timestamp> {
    let offer = it.new_pending_offer.as_ref()?.private.as_ref()?;
    match offer.term {
        OfferTerm::Until(end) => Some(end),
        OfferTerm::Months(_) => None,
    }
}

/// Who uses it, as far as its usage is reported.
fn consumers(it: &Entitlement) -> Value {
    let project = it.consumer_project();
    project.map_or(Value::Null, |project| json!([{ "project": project }]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::Timestamp;
    use marketplace::PlanId;

    use super::super::json::list;
    use super::*;
    use crate::discovery::check_answer;
    use crate::hosts::PROCUREMENT;
    use crate::marketplace_state::{Buyer, MarketplaceState, PrivateOffer};
    use crate::settings::{Activation, EntitlementApproval, Settings};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn state() -> (MarketplaceState, crate::marketplace_state::Order) {
        let mut state = MarketplaceState::new(Arc::new(Settings::default()));
        let product = state.settings.products[0].clone();
        let plan = &product.plans[2].id;
        let order = state.purchase(Buyer::New, &product.id, plan, NOW).unwrap();
        (state, order)
    }

    #[track_caller]
    fn check(method: &str, body: &Value, fields: &str) {
        let method = format!("cloudcommerceprocurement.providers.{method}");
        check_answer(PROCUREMENT, &method, body).unwrap();
        let found: BTreeSet<&str> = body
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(found, fields.split(' ').collect());
    }

    #[test]
    fn answers_are_as_documented_and_leave_out_what_is_empty() {
        let (mut state, order) = state();
        let provider = &state.settings.provider.clone();
        let at = state.tick(NOW);
        let buyer = state.account_mut(order.account.as_str()).unwrap();
        let fields = "name updateTime createTime provider state approvals";
        check("accounts.get", &account(provider, buyer), fields);
        buyer.approve(None, Some("fine"), at).unwrap();
        buyer.properties.insert("a".to_owned(), "b".to_owned());
        let fields = format!("{fields} inputProperties");
        check("accounts.get", &account(provider, buyer), &fields);

        let fields = "name account provider product productExternalName plan createTime updateTime \
                      orderId offer entitlementBenefitIds state";
        let id = order.entitlement.as_str();
        let requested = entitlement(provider, state.entitlement_mut(id).unwrap());
        check("entitlements.get", &requested, fields);
        state.approve_entitlement(id, at).unwrap();
        let it = state.entitlement_mut(id).unwrap();
        let plan = PlanId::parse("standard-plan").unwrap();
        let (by_vendor, at_once) = (EntitlementApproval::ByVendor, Activation::AtOnce);
        it.request_plan(&plan, by_vendor, at_once, at).unwrap();
        it.set_message(Some("soon"), at).unwrap();
        let changing = entitlement(provider, it);
        assert_eq!(
            changing["consumers"][0]["project"],
            it.consumer_project().unwrap()
        );
        let used = format!("{fields} usageReportingId consumers");
        let more = format!("{used} newPendingPlan newPendingOffer messageToUser");
        check("entitlements.get", &changing, &more);
        it.end("expired", at);
        let ended = entitlement(provider, it);
        let more = format!("{used} cancellationReason subscriptionEndTime");
        check("entitlements.get", &ended, &more);

        let page = list(
            "entitlements",
            vec![requested, changing, ended],
            Some("t".to_owned()),
        );
        check("entitlements.list", &page, "entitlements nextPageToken");
        assert_eq!(list("entitlements", Vec::new(), None), json!({}));
    }

    #[test]
    fn a_quoted_offer_and_the_one_after_it_are_shown_as_documented() {
        let mut state = MarketplaceState::new(Arc::new(Settings::default()));
        let product = state.settings.products[0].clone();
        let provider = &state.settings.provider.clone();
        let quoted = Some(PrivateOffer::months(12).quoted("quote-1"));
        let order =
            state.purchase_offer(Buyer::New, &product.id, &product.plans[0].id, quoted, NOW);
        let order = order.unwrap();
        let at = state.tick(NOW);
        state
            .approve_account(order.account.as_str(), None, None, at)
            .unwrap();
        let id = order.entitlement.as_str();
        state.approve_entitlement(id, at).unwrap();
        let it = state.entitlement_mut(id).unwrap();
        let fields = "name account provider product productExternalName quoteExternalName plan \
                      createTime updateTime orderId offer offerDuration offerEndTime \
                      entitlementBenefitIds state newPendingPlan newPendingOffer";
        let (by_vendor, at_once) = (EntitlementApproval::ByVendor, Activation::AtOnce);
        let end = at + Duration::from_hours(1_000);
        let until = PrivateOffer {
            term: OfferTerm::Until(end),
            ..PrivateOffer::months(1)
        };
        for (offer, field, value) in [
            (
                PrivateOffer::months(27),
                "newPendingOfferDuration",
                "P2Y3M".to_owned(),
            ),
            (until, "newOfferEndTime", end.to_string()),
        ] {
            let plan = &product.plans[1].id;
            it.request_offer(plan, Some(offer), by_vendor, at_once, at)
                .unwrap();
            let changing = entitlement(provider, it);
            check("entitlements.get", &changing, &format!("{fields} {field}"));
            assert_eq!(changing[field], value);
            let name = changing["newPendingOffer"].as_str().unwrap();
            assert!(name.contains("/privateOffers/"), "{name}");
            it.withdraw_plan_change(at).unwrap();
        }
        let settled = entitlement(provider, it);
        assert_eq!(settled["quoteExternalName"], "quote-1");
        assert_eq!(settled.get("newPendingOffer"), None);
    }
}
