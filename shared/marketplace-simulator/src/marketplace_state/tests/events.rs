//! Which messages each action sends, and what stands in them.

use std::time::Duration;

use serde_json::json;

use super::super::*;
use crate::settings::{Activation, EventShape};

const DAY: Duration = Duration::from_hours(24);

struct Told {
    state: MarketplaceState,
    order: Order,
    now: Timestamp,
}

impl Told {
    fn buying(settings: Settings) -> Self {
        Self::accepting(settings, None)
    }

    fn accepting(settings: Settings, offer: Option<PrivateOffer>) -> Self {
        let mut state = MarketplaceState::new(Arc::new(settings));
        let now = "2026-01-21T00:00:00Z".parse().unwrap();
        let product = state.settings.products[0].clone();
        let sold = (&product.id, &product.plans[0].id);
        let order = state.purchase_offer(Buyer::New, sold, offer, now).unwrap();
        Self { state, order, now }
    }

    fn approved(settings: Settings, offer: Option<PrivateOffer>) -> Self {
        let mut told = Self::accepting(settings, offer);
        let account = told.order.account.as_str().to_owned();
        let account = told.state.account_mut(&account).unwrap();
        account.approve(None, None, told.now).unwrap();
        let id = told.id();
        told.state.approve_entitlement(&id, told.now).unwrap();
        told
    }

    fn id(&self) -> String {
        self.order.entitlement.to_string()
    }

    fn transition(
        &mut self,
        turn: fn(&mut Entitlement, Timestamp) -> Result<EventKinds, NotPossible>,
    ) {
        let (id, now) = (self.id(), self.now);
        let missing = NotPossible::UnknownEntitlement;
        self.state.transition(&id, now, missing, turn).unwrap();
    }

    fn request_plan(&mut self) {
        let plan = self.state.settings.products[0].plans[1].id.clone();
        let rules = (self.state.settings.approval, self.state.settings.activation);
        let (id, now) = (self.id(), self.now);
        let missing = NotPossible::UnknownEntitlement;
        let request = |it: &mut Entitlement, at| it.request_plan(&plan, rules, at);
        self.state.transition(&id, now, missing, request).unwrap();
    }

    fn advance(&mut self, by: Duration) {
        self.state.advance_clock(by, self.now);
    }

    /// The messages since the last look: types, and whether they share one operation.
    #[track_caller]
    fn tells(&mut self, types: &[&str]) {
        let news = self.state.take_events();
        let told: Vec<&str> = news
            .iter()
            .map(|n| n["eventType"].as_str().unwrap())
            .collect();
        assert_eq!(told, types);
    }

    /// As [`tells`](Self::tells), all by one operation with this name.
    #[track_caller]
    fn tells_at_once(&mut self, operation: &str, types: &[&str]) {
        let news = self.state.take_events();
        let told: Vec<&str> = news
            .iter()
            .map(|n| n["eventType"].as_str().unwrap())
            .collect();
        assert_eq!(told, types);
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
    let mut told = Told::approved(Settings::default(), None);
    told.tells_at_once(
        "CREATE_ENTITLEMENT-",
        &[
            "ACCOUNT_ACTIVE",
            "ENTITLEMENT_CREATION_REQUESTED",
            "ENTITLEMENT_OFFER_ACCEPTED",
            "ENTITLEMENT_ACTIVE",
        ],
    );
}

#[test]
fn with_automatic_approval_nobody_is_asked() {
    let mut told = Told::buying(automatic());
    told.tells_at_once(
        "CREATE_ENTITLEMENT-",
        &[
            "ACCOUNT_ACTIVE",
            "ENTITLEMENT_OFFER_ACCEPTED",
            "ENTITLEMENT_ACTIVE",
        ],
    );
    told.request_plan();
    told.tells_at_once("PLAN_CHANGE-", &["ENTITLEMENT_PLAN_CHANGED"]);
    let it = told
        .state
        .entitlement_mut(&told.order.entitlement.to_string())
        .unwrap();
    assert_eq!((it.times_approved, it.plan.as_str()), (0, "standard-plan"));
}

#[test]
fn account_messages_can_be_off() {
    let settings = Settings {
        account_messages: AccountMessages::NotSent,
        ..Settings::default()
    };
    let mut told = Told::buying(settings);
    told.tells(&[
        "ENTITLEMENT_CREATION_REQUESTED",
        "ENTITLEMENT_OFFER_ACCEPTED",
    ]);
}

#[test]
fn a_rejected_order_is_cancelled() {
    let mut told = Told::buying(Settings::default());
    told.state.take_events();
    let (id, now) = (told.id(), told.now);
    let missing = GoogleError::not_found();
    told.state
        .transition(&id, now, missing, Entitlement::reject)
        .unwrap();
    told.tells_at_once("CANCEL_ENTITLEMENT-", &["ENTITLEMENT_CANCELLED"]);
}

#[test]
fn a_plan_change_is_told_from_its_request_to_its_end() {
    let mut told = Told::approved(Settings::default(), None);
    for (decision, end) in [
        (
            (|it, at| it.reject_plan_change("standard-plan", at)) as fn(&mut Entitlement, _) -> _,
            "ENTITLEMENT_PLAN_CHANGE_CANCELLED",
        ),
        (
            |it, at| it.approve_plan_change("standard-plan", Activation::AtOnce, at),
            "ENTITLEMENT_PLAN_CHANGED",
        ),
    ] {
        told.state.take_events();
        told.request_plan();
        let (id, now) = (told.id(), told.now);
        let missing = GoogleError::not_found();
        told.state.transition(&id, now, missing, decision).unwrap();
        told.tells_at_once("PLAN_CHANGE-", &["ENTITLEMENT_PLAN_CHANGE_REQUESTED", end]);
    }
    let mut told = Told::approved(Settings::default(), None);
    told.request_plan();
    told.state.take_events();
    told.transition(Entitlement::withdraw_plan_change);
    told.tells(&["ENTITLEMENT_PLAN_CHANGE_CANCELLED"]);
}

#[test]
fn a_cancellation_is_one_operation_unless_it_is_reverted() {
    let mut told = Told::approved(Settings::default(), None);
    told.state.take_events();
    told.transition(Entitlement::cancel_later);
    told.transition(Entitlement::revert_cancellation);
    told.tells(&[
        "ENTITLEMENT_PENDING_CANCELLATION",
        "ENTITLEMENT_CANCELLATION_REVERTED",
    ]);
    told.transition(Entitlement::cancel_later);
    told.advance(32 * DAY);
    told.tells_at_once(
        "CANCEL_ENTITLEMENT-",
        &[
            "ENTITLEMENT_PENDING_CANCELLATION",
            "ENTITLEMENT_CANCELLING",
            "ENTITLEMENT_CANCELLED",
        ],
    );
}

#[test]
fn a_suspension_is_not_told() {
    let mut told = Told::approved(Settings::default(), None);
    told.state.take_events();
    told.transition(Entitlement::suspend);
    told.transition(Entitlement::resume);
    told.tells(&[]);
}

#[test]
fn a_reset_cancels_every_order_in_one_operation() {
    let mut told = Told::approved(Settings::default(), None);
    let buyer = Buyer::Existing(told.order.account.clone());
    let product = told.state.settings.products[0].clone();
    let plan = &product.plans[1].id;
    told.state
        .purchase(buyer, &product.id, plan, told.now)
        .unwrap();
    told.state.take_events();
    let account = told.order.account.to_string();
    told.state
        .account_mut(&account)
        .unwrap()
        .is_own_test_account = true;
    told.state.reset_account(&account, told.now).unwrap();
    told.tells_at_once(
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
    let mut told = Told::approved(waiting(), None);
    told.state.take_events();
    told.advance(Duration::from_mins(14));
    told.tells(&[]);
    told.advance(Duration::from_mins(2));
    told.tells_at_once("CREATE_ENTITLEMENT-", &["ENTITLEMENT_ACTIVE"]);
}

#[test]
fn an_offer_with_a_start_waits_for_it() {
    let start = "2026-02-01T08:00:00Z".parse().unwrap();
    let mut told = Told::approved(
        Settings::default(),
        Some(PrivateOffer::months(27).starting(start)),
    );
    let news = told.state.take_events();
    let accepted = &news[2]["entitlement"];
    assert_eq!(news.len(), 3);
    assert_eq!(accepted["newOfferStartTime"], "2026-02-01T08:00:00Z");
    assert_eq!(accepted["newOfferEndTime"], "2028-05-01T08:00:00Z");
    assert_eq!(accepted["newPendingOfferDuration"], "P2Y3M");
    assert_eq!(accepted["newProduct"], accepted["newOffer"]);
    let id = told.id();
    let it = told.state.entitlement_mut(&id).unwrap();
    assert_eq!(it.state, EntitlementState::ActivationRequested);
    told.advance(12 * DAY);
    told.tells_at_once("CREATE_ENTITLEMENT-", &["ENTITLEMENT_ACTIVE"]);
    let it = told.state.entitlement_mut(&id).unwrap();
    assert_eq!(it.update_time, start);
    told.advance(900 * DAY);
    told.tells(&[
        "ENTITLEMENT_OFFER_ENDED",
        "ENTITLEMENT_CANCELLING",
        "ENTITLEMENT_CANCELLED",
        "ENTITLEMENT_DELETED",
        "ACCOUNT_DELETED",
    ]);
}

#[test]
fn an_offer_that_ran_out_may_go_on_at_the_list_price() {
    let mut told = Told::approved(
        Settings::default(),
        Some(PrivateOffer::months(1).going_on()),
    );
    told.state.take_events();
    told.advance(60 * DAY);
    told.tells(&["ENTITLEMENT_OFFER_ENDED", "ENTITLEMENT_RENEWED"]);
    let id = told.id();
    let it = told.state.entitlement_mut(&id).unwrap();
    assert!(it.offer.contains("/standardOffers/"), "{}", it.offer);
}

#[test]
fn a_month_later_the_next_term_begins() {
    let mut told = Told::approved(Settings::default(), None);
    told.state.take_events();
    told.advance(50 * DAY);
    told.tells(&["ENTITLEMENT_RENEWED"]);
    told.transition(Entitlement::renew);
    told.tells_at_once("RENEW-", &["ENTITLEMENT_RENEWED"]);
}

#[test]
fn what_ended_is_deleted_and_then_unknown() {
    let mut told = Told::approved(Settings::default(), None);
    let (id, account) = (told.id(), told.order.account.to_string());
    let now = told.now;
    let early = told.state.delete_entitlement(&id, now);
    assert_eq!(early, Err(NotPossible::WrongState));
    assert_eq!(
        told.state.delete_account(&account, now),
        Err(NotPossible::WrongState)
    );
    told.transition(Entitlement::cancel_now);
    told.state.take_events();
    told.state.delete_entitlement(&id, now).unwrap();
    told.tells_at_once("DELETE_ENTITLEMENT-", &["ENTITLEMENT_DELETED"]);
    told.state.delete_account(&account, now).unwrap();
    told.tells_at_once("DELETE_ACCOUNT-", &["ACCOUNT_DELETED"]);
    let missing = Err(NotPossible::UnknownEntitlement);
    assert_eq!(told.state.delete_entitlement(&id, now), missing);
    assert!(told.state.accounts.get(&account).is_none());
}

#[test]
fn each_shape_has_the_fields_of_its_year() {
    let offer = || Some(PrivateOffer::months(18));
    for (event_shape, fields) in [
        (EventShape::Of2020, json!(["id", "updateTime"])),
        (
            EventShape::Of2025,
            json!([
                "entitlementBenefitIds",
                "id",
                "newOffer",
                "newOfferDuration",
                "newOfferEndTime",
                "newPlan",
                "newProduct",
                "orderId",
                "updateTime"
            ]),
        ),
        (
            EventShape::Of2026,
            json!([
                "entitlementBenefitIds",
                "id",
                "newOffer",
                "newOfferEndTime",
                "newPendingOfferDuration",
                "newPlan",
                "newProduct",
                "orderId",
                "updateTime"
            ]),
        ),
    ] {
        let settings = Settings {
            event_shape,
            ..Settings::default()
        };
        let mut told = Told::accepting(settings, offer());
        let news = told.state.take_events();
        let mut found: Vec<&String> = news[1]["entitlement"].as_object().unwrap().keys().collect();
        found.sort();
        assert_eq!(json!(found), fields);
        if event_shape != EventShape::Of2020 {
            assert_eq!(news[1]["entitlement"]["newOfferEndTime"], "");
        }
        let of_account = json!({
            "eventId": news[1]["eventId"],
            "eventType": "ACCOUNT_ACTIVE",
            "account": {
                "id": told.order.account.as_str(),
                "updateTime": "2026-01-21T00:00:00Z",
            },
            "providerId": "example-partner",
        });
        assert_eq!(news[0], of_account);
    }
}
