//! Which messages each action sends, and what stands in them.

use std::time::Duration;

use serde_json::json;

use super::super::*;
use crate::settings::{Activation, EventShape};

const DAY: Duration = Duration::from_hours(24);

struct Purchase {
    state: MarketplaceState,
    order: Order,
    now: Timestamp,
}

impl Purchase {
    fn buying(settings: Settings) -> Self {
        Self::accepting(settings, None)
    }

    fn accepting(settings: Settings, offer: Option<PrivateOffer>) -> Self {
        let mut state = MarketplaceState::new(Arc::new(settings));
        let now = "2026-01-21T00:00:00Z".parse().unwrap();
        let product = state.settings.products[0].clone();
        let plan = &product.plans[0].id;
        let bought = state.purchase_offer(Buyer::New, &product.id, plan, offer, now);
        let order = bought.unwrap();
        Self { state, order, now }
    }

    fn approved(settings: Settings, offer: Option<PrivateOffer>) -> Self {
        let mut purchase = Self::accepting(settings, offer);
        let (id, account) = (purchase.id(), purchase.order.account.to_string());
        let account = purchase.state.account_mut(&account).unwrap();
        account.approve(None, None, purchase.now).unwrap();
        let approved = purchase.state.approve_entitlement(&id, purchase.now);
        approved.unwrap();
        purchase
    }

    /// In force, with all messages of that taken.
    fn in_force() -> Self {
        let mut purchase = Self::approved(Settings::default(), None);
        purchase.state.take_events();
        purchase
    }

    fn id(&self) -> String {
        self.order.entitlement.to_string()
    }

    fn transition<E>(
        &mut self,
        change: impl FnOnce(&mut Entitlement, Timestamp) -> Result<EventKinds, E>,
    ) {
        let (id, now) = (self.id(), self.now);
        let change = |it: &mut Entitlement, at| change(it, at).map_err(drop);
        self.state.transition(&id, now, (), change).unwrap();
    }

    fn request_plan(&mut self) {
        let settings = Arc::clone(&self.state.settings);
        let (approval, activation) = (settings.approval, settings.activation);
        let plan = &settings.products[0].plans[1].id;
        self.transition(|it, at| it.request_plan(plan, approval, activation, at));
    }

    fn entitlement(&self) -> &Entitlement {
        self.state.entitlements.get(&self.id()).unwrap()
    }

    fn advance(&mut self, by: Duration) {
        self.state.advance_clock(by, self.now);
    }

    /// The types of the messages since the last look.
    #[track_caller]
    fn announces(&mut self, types: &[&str]) -> Vec<Value> {
        let news = self.state.take_events();
        let sent = news.iter().map(|it| it["eventType"].as_str().unwrap());
        assert_eq!(sent.collect::<Vec<_>>(), types);
        news
    }

    /// The first message says that the account was created, which is an operation of its own.
    #[track_caller]
    fn announces_its_account(&mut self) {
        let first = self.state.unsent_events.remove(0);
        assert_eq!(first["eventType"], "ACCOUNT_ACTIVE");
        let operation = first["eventId"].as_str().unwrap();
        assert!(operation.starts_with("CREATE_ACCOUNT-"), "{operation}");
    }

    /// As [`announces`](Self::announces), all by one operation with this name.
    #[track_caller]
    fn announces_at_once(&mut self, operation: &str, types: &[&str]) {
        let news = self.announces(types);
        for body in &news {
            assert_eq!(body["eventId"], news[0]["eventId"]);
            assert!(body["eventId"].as_str().unwrap().starts_with(operation));
        }
    }
}

fn automatic() -> Settings {
    Settings {
        approval: EntitlementApproval::Automatic,
        ..Settings::default()
    }
}

fn waiting() -> Settings {
    Settings {
        activation: Activation::WhenAdvanced,
        ..Settings::default()
    }
}

#[test]
fn a_purchase_is_one_operation_up_to_its_activation() {
    let mut purchase = Purchase::approved(Settings::default(), None);
    purchase.announces_its_account();
    purchase.announces_at_once(
        "CREATE_ENTITLEMENT-",
        &[
            "ENTITLEMENT_CREATION_REQUESTED",
            "ENTITLEMENT_OFFER_ACCEPTED",
            "ENTITLEMENT_ACTIVE",
        ],
    );
}

#[test]
fn with_automatic_approval_nobody_is_asked() {
    let mut purchase = Purchase::buying(automatic());
    purchase.announces_its_account();
    purchase.announces_at_once(
        "CREATE_ENTITLEMENT-",
        &["ENTITLEMENT_OFFER_ACCEPTED", "ENTITLEMENT_ACTIVE"],
    );
    purchase.request_plan();
    purchase.announces_at_once("PLAN_CHANGE-", &["ENTITLEMENT_PLAN_CHANGED"]);
    let it = purchase.entitlement();
    assert_eq!((it.times_approved, it.plan.as_str()), (0, "standard-plan"));
}

#[test]
fn account_messages_can_be_off() {
    let settings = Settings {
        account_messages: AccountMessages::NotSent,
        ..Settings::default()
    };
    let mut purchase = Purchase::buying(settings);
    purchase.announces(&[
        "ENTITLEMENT_CREATION_REQUESTED",
        "ENTITLEMENT_OFFER_ACCEPTED",
    ]);
}

#[test]
fn an_approved_account_is_announced_once_more_unless_that_is_off() {
    for (account_messages, types) in [
        (AccountMessages::Sent, &["ACCOUNT_ACTIVE"][..]),
        (AccountMessages::WithoutApprovals, &[]),
        (AccountMessages::NotSent, &[]),
    ] {
        let settings = Settings {
            account_messages,
            ..Settings::default()
        };
        let mut purchase = Purchase::buying(settings);
        purchase.state.take_events();
        let (account, now) = (purchase.order.account.clone(), purchase.now);
        let (state, account) = (&mut purchase.state, account.as_str());
        let rejected = state.account_mut(account).unwrap().reject(None, None, now);
        rejected.unwrap();
        state.approve_account(account, None, None, now).unwrap();
        let approved = state.accounts.get(account).unwrap().update_time;
        let refused = state.approve_account(account, None, None, now);
        assert_eq!(refused, Err(GoogleError::failed_precondition()));
        for news in purchase.announces(types) {
            let operation = news["eventId"].as_str().unwrap();
            assert!(operation.starts_with("APPROVE_ACCOUNT-"), "{operation}");
            let expected = json!({"id": account, "updateTime": approved.to_string()});
            assert_eq!(news["account"], expected);
        }
    }
}

#[test]
fn a_rejected_order_is_cancelled() {
    let mut purchase = Purchase::buying(Settings::default());
    purchase.state.take_events();
    purchase.transition(Entitlement::reject);
    purchase.announces_at_once("CANCEL_ENTITLEMENT-", &["ENTITLEMENT_CANCELLED"]);
}

#[test]
fn a_plan_change_is_announced_from_its_request_to_its_end() {
    let mut purchase = Purchase::approved(Settings::default(), None);
    for (decision, end) in [
        (
            (|it, at| it.reject_plan_change("standard-plan", at))
                as fn(&mut Entitlement, Timestamp) -> Result<EventKinds, GoogleError>,
            "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
        ),
        (
            |it, at| it.approve_plan_change("standard-plan", Activation::AtOnce, at),
            "ENTITLEMENT_PLAN_CHANGED",
        ),
    ] {
        purchase.state.take_events();
        purchase.request_plan();
        purchase.transition(decision);
        purchase.announces_at_once("PLAN_CHANGE-", &["ENTITLEMENT_PLAN_CHANGE_REQUESTED", end]);
    }
    let mut purchase = Purchase::approved(Settings::default(), None);
    purchase.request_plan();
    purchase.state.take_events();
    purchase.transition(Entitlement::withdraw_plan_change);
    purchase.announces(&["ENTITLEMENT_PLAN_CHANGE_CANCELLED"]);
}

#[test]
fn a_cancellation_is_one_operation_unless_it_is_reverted() {
    let mut purchase = Purchase::in_force();
    purchase.transition(Entitlement::cancel_later);
    purchase.transition(Entitlement::revert_cancellation);
    purchase.announces(&[
        "ENTITLEMENT_PENDING_CANCELLATION",
        "ENTITLEMENT_CANCELLATION_REVERTED",
    ]);
    purchase.transition(Entitlement::cancel_later);
    purchase.advance(32 * DAY);
    purchase.announces_at_once(
        "CANCEL_ENTITLEMENT-",
        &[
            "ENTITLEMENT_PENDING_CANCELLATION",
            "ENTITLEMENT_CANCELLING",
            "ENTITLEMENT_CANCELLED",
        ],
    );
}

#[test]
fn a_suspension_is_not_announced() {
    let mut purchase = Purchase::in_force();
    purchase.transition(Entitlement::suspend);
    purchase.transition(Entitlement::resume);
    purchase.announces(&[]);
}

#[test]
fn a_reset_cancels_every_order_in_one_operation() {
    let mut purchase = Purchase::approved(Settings::default(), None);
    let buyer = Buyer::Existing(purchase.order.account.clone());
    let product = purchase.state.settings.products[0].clone();
    let (plan, now) = (&product.plans[1].id, purchase.now);
    let state = &mut purchase.state;
    state.purchase(buyer, &product.id, plan, now).unwrap();
    state.take_events();
    let account = purchase.order.account.as_str();
    state.account_mut(account).unwrap().is_own_test_account = true;
    state.reset_account(account, now).unwrap();
    purchase.announces_at_once(
        "RESET_ACCOUNT-",
        &[
            "ENTITLEMENT_CANCELLING",
            "ENTITLEMENT_CANCELLED",
            "ENTITLEMENT_CANCELLED",
        ],
    );
}

#[test]
fn an_approved_order_becomes_active_when_its_time_has_come() {
    let mut purchase = Purchase::approved(waiting(), None);
    purchase.state.take_events();
    purchase.advance(Duration::from_mins(14));
    purchase.announces(&[]);
    purchase.advance(Duration::from_mins(2));
    purchase.announces_at_once("CREATE_ENTITLEMENT-", &["ENTITLEMENT_ACTIVE"]);
}

#[test]
fn an_approved_order_and_an_approved_plan_wait_as_long_as_is_set() {
    let settings = Settings {
        activation: Activation::After(Duration::from_mins(3)),
        ..Settings::default()
    };
    let mut purchase = Purchase::approved(settings, None);
    purchase.state.take_events();
    let wait = purchase.state.until_due(purchase.now).unwrap();
    assert_eq!(wait.as_secs(), 180);
    purchase.advance(Duration::from_mins(2));
    purchase.announces(&[]);
    purchase.advance(Duration::from_mins(2));
    purchase.announces_at_once("CREATE_ENTITLEMENT-", &["ENTITLEMENT_ACTIVE"]);
    assert_eq!(purchase.state.until_due(purchase.now), None);

    purchase.request_plan();
    assert_eq!(purchase.state.until_due(purchase.now), None);
    let activation = purchase.state.settings.activation;
    purchase.transition(|it, at| it.approve_plan_change("standard-plan", activation, at));
    purchase.announces(&["ENTITLEMENT_PLAN_CHANGE_REQUESTED"]);
    purchase.advance(Duration::from_mins(4));
    purchase.announces(&["ENTITLEMENT_PLAN_CHANGED"]);
    assert_eq!(purchase.entitlement().plan.as_str(), "standard-plan");
}

#[test]
fn a_plan_by_a_private_offer_comes_with_the_offer_s_terms() {
    let end = "2027-03-01T08:00:00Z".parse().unwrap();
    let until = || PrivateOffer {
        term: OfferTerm::Until(end),
        ..PrivateOffer::months(1)
    };
    for (event_shape, offer, terms) in [
        (
            EventShape::Of2020,
            until(),
            json!({"newPlan": "standard-plan"}),
        ),
        (
            EventShape::Of2025,
            PrivateOffer::months(12),
            json!({"newOfferDuration": "P1Y", "newOfferEndTime": ""}),
        ),
        (
            EventShape::Of2026,
            PrivateOffer::months(12),
            json!({"newPendingOfferDuration": "P1Y", "newOfferEndTime": ""}),
        ),
        (
            EventShape::Of2026,
            until(),
            json!({"newPendingOfferDuration": "", "newOfferEndTime": "2027-03-01T08:00:00Z"}),
        ),
    ] {
        let settings = Settings {
            event_shape,
            ..Settings::default()
        };
        let mut purchase = Purchase::approved(settings, None);
        purchase.state.take_events();
        let plan = PlanId::parse("standard-plan").unwrap();
        let (by_vendor, at_once) = (EntitlementApproval::ByVendor, Activation::AtOnce);
        let private = offer.clone();
        purchase
            .transition(|it, at| it.request_offer(&plan, Some(private), by_vendor, at_once, at));
        let news = purchase.announces(&["ENTITLEMENT_PLAN_CHANGE_REQUESTED"]);
        let it = purchase.entitlement().clone();
        let name = it.new_pending_offer.unwrap().name;
        let mut expected = terms;
        expected["id"] = json!(it.id.as_str());
        expected["updateTime"] = json!(it.update_time.to_string());
        if event_shape != EventShape::Of2020 {
            expected["newPendingPlan"] = json!("standard-plan");
            expected["newPendingOffer"] = json!(name);
        }
        assert_eq!(news[0]["entitlement"], expected);
        purchase.transition(|it, at| it.approve_plan_change("standard-plan", at_once, at));
        let it = purchase.entitlement();
        assert_eq!((&it.offer, &it.new_pending_offer), (&name, &None));
        assert_eq!(it.private_offer, Some(offer));
    }
}

#[test]
fn an_offer_with_a_start_waits_for_it() {
    let start = "2026-02-01T08:00:00Z".parse().unwrap();
    let offer = PrivateOffer::months(27).starting(start);
    let mut purchase = Purchase::approved(Settings::default(), Some(offer));
    let news = purchase.state.take_events();
    let accepted = &news[2]["entitlement"];
    assert_eq!(news.len(), 3);
    assert_eq!(accepted["newOfferStartTime"], "2026-02-01T08:00:00Z");
    assert_eq!(accepted["newOfferEndTime"], "2028-05-01T08:00:00Z");
    assert_eq!(accepted["newPendingOfferDuration"], "P2Y3M");
    assert_eq!(accepted["newProduct"], accepted["newOffer"]);
    let state = &purchase.entitlement().state;
    assert_eq!(state, &EntitlementState::ActivationRequested);
    purchase.advance(12 * DAY);
    purchase.announces_at_once("CREATE_ENTITLEMENT-", &["ENTITLEMENT_ACTIVE"]);
    assert_eq!(purchase.entitlement().update_time, start);
    purchase.advance(900 * DAY);
    purchase.announces(&[
        "ENTITLEMENT_OFFER_ENDED",
        "ENTITLEMENT_CANCELLING",
        "ENTITLEMENT_CANCELLED",
        "ENTITLEMENT_DELETED",
        "ACCOUNT_DELETED",
    ]);
}

#[test]
fn an_offer_that_ran_out_may_go_on_at_the_list_price() {
    let offer = PrivateOffer::months(1).going_on();
    let mut purchase = Purchase::approved(Settings::default(), Some(offer));
    purchase.state.take_events();
    purchase.advance(60 * DAY);
    purchase.announces(&["ENTITLEMENT_OFFER_ENDED", "ENTITLEMENT_RENEWED"]);
    let it = purchase.entitlement();
    assert!(it.offer.contains("/standardOffers/"), "{}", it.offer);
}

#[test]
fn a_month_later_the_next_term_begins() {
    let mut purchase = Purchase::in_force();
    purchase.advance(50 * DAY);
    purchase.announces(&["ENTITLEMENT_RENEWED"]);
    purchase.transition(Entitlement::renew);
    purchase.announces_at_once("RENEW-", &["ENTITLEMENT_RENEWED"]);
}

#[test]
fn what_ended_is_deleted_and_then_unknown() {
    let mut purchase = Purchase::approved(Settings::default(), None);
    let (id, account) = (purchase.id(), purchase.order.account.to_string());
    let now = purchase.now;
    let early = Err(NotPossible::WrongState);
    assert_eq!(purchase.state.delete_entitlement(&id, now), early);
    assert_eq!(purchase.state.delete_account(&account, now), early);
    purchase.transition(Entitlement::cancel_now);
    purchase.state.take_events();
    purchase.state.delete_entitlement(&id, now).unwrap();
    purchase.announces_at_once("DELETE_ENTITLEMENT-", &["ENTITLEMENT_DELETED"]);
    purchase.state.delete_account(&account, now).unwrap();
    purchase.announces_at_once("DELETE_ACCOUNT-", &["ACCOUNT_DELETED"]);
    let missing = Err(NotPossible::UnknownEntitlement);
    assert_eq!(purchase.state.delete_entitlement(&id, now), missing);
    assert!(purchase.state.accounts.get(&account).is_none());
}

#[test]
fn each_shape_has_the_fields_of_its_year() {
    let offer = || Some(PrivateOffer::months(18));
    let of_2025 = json!([
        "entitlementBenefitIds",
        "id",
        "newOffer",
        "newOfferDuration",
        "newOfferEndTime",
        "newPlan",
        "newProduct",
        "orderId",
        "updateTime",
    ]);
    let of_2026 = json!([
        "entitlementBenefitIds",
        "id",
        "newOffer",
        "newOfferEndTime",
        "newPendingOfferDuration",
        "newPlan",
        "newProduct",
        "orderId",
        "updateTime",
    ]);
    for (event_shape, fields) in [
        (EventShape::Of2020, json!(["id", "updateTime"])),
        (EventShape::Of2025, of_2025),
        (EventShape::Of2026, of_2026),
    ] {
        let settings = Settings {
            event_shape,
            ..Settings::default()
        };
        let mut purchase = Purchase::accepting(settings, offer());
        let news = purchase.state.take_events();
        let mut found: Vec<&String> = news[1]["entitlement"].as_object().unwrap().keys().collect();
        found.sort();
        assert_eq!(json!(found), fields);
        if event_shape != EventShape::Of2020 {
            assert_eq!(news[1]["entitlement"]["newOfferEndTime"], "");
        }
        let of_account = json!({
            "eventId": news[0]["eventId"],
            "eventType": "ACCOUNT_ACTIVE",
            "account": {
                "id": purchase.order.account.as_str(),
                "updateTime": "2026-01-21T00:00:00Z",
            },
            "providerId": "example-partner",
        });
        assert_eq!(news[0], of_account);
    }
}
