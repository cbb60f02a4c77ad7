//! The state machine as a table: what each transition does in each state.

use std::time::Duration;

use marketplace::EntitlementId;

use super::super::*;
use crate::settings::Activation;

struct Market {
    state: MarketplaceState,
    now: Timestamp,
}

impl Market {
    fn new(activation: Activation) -> Self {
        let settings = Settings {
            activation,
            ..Settings::default()
        };
        Self {
            state: MarketplaceState::new(Arc::new(settings)),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn later(&mut self) -> Timestamp {
        self.now += Duration::from_secs(1);
        self.now
    }

    fn buy(&mut self, buyer: Buyer) -> Order {
        let product = self.state.settings.products[0].clone();
        let now = self.later();
        self.state
            .purchase(buyer, &product.id, &product.plans[0].id, now)
            .unwrap()
    }

    /// An order in this state, its account approved.
    fn order_in(&mut self, wanted: &EntitlementState) -> EntitlementId {
        let order = self.buy(Buyer::New);
        let now = self.later();
        let account = self.state.account_mut(order.account.as_str()).unwrap();
        account.approve(None, None, now).unwrap();
        let id = order.entitlement.as_str();
        let other_plan = self.state.settings.products[0].plans[1].id.clone();
        if wanted != &EntitlementState::ActivationRequested {
            self.state.approve_entitlement(id, now).unwrap();
            let request = |it: &mut Entitlement| {
                let requested = it.request_plan(&other_plan, BY_VENDOR, Activation::AtOnce, now);
                requested.unwrap()
            };
            let it = self.state.entitlement_mut(id).unwrap();
            if it.state == EntitlementState::ActivationRequested {
                it.advance(now).unwrap();
            }
            match wanted {
                EntitlementState::PendingCancellation => drop(it.cancel_later(now).unwrap()),
                EntitlementState::Cancelled => drop(it.end("user-cancelled", now)),
                EntitlementState::PendingPlanChangeApproval => drop(request(it)),
                EntitlementState::PendingPlanChange => {
                    request(it);
                    it.approve_plan_change(PLAN, Activation::WhenAdvanced, now)
                        .unwrap();
                }
                _ => {}
            }
        }
        assert_eq!(&self.entitlement(&order.entitlement).state, wanted);
        order.entitlement
    }

    fn entitlement(&self, id: &EntitlementId) -> &Entitlement {
        self.state.entitlements.get(id.as_str()).unwrap()
    }
}

const STATES: [EntitlementState; 6] = [
    EntitlementState::ActivationRequested,
    EntitlementState::Active,
    EntitlementState::PendingCancellation,
    EntitlementState::Cancelled,
    EntitlementState::PendingPlanChange,
    EntitlementState::PendingPlanChangeApproval,
];

const BY_VENDOR: EntitlementApproval = EntitlementApproval::ByVendor;

const PLAN: &str = "standard-plan";

/// Tries the transition in every state: it works only from `from`, then leads to `to`; elsewhere it
/// is a failed precondition that changes nothing.
#[track_caller]
fn check(
    activation: Activation,
    transition: impl Fn(&mut MarketplaceState, &str, Timestamp) -> Result<(), GoogleError>,
    from: &[EntitlementState],
    to: &EntitlementState,
) {
    for state in STATES {
        let mut market = Market::new(activation);
        let id = market.order_in(&state);
        let before = market.entitlement(&id).clone();
        let now = market.later();
        let result = transition(&mut market.state, id.as_str(), now);
        let after = market.entitlement(&id);
        if from.contains(&state) {
            assert_eq!(result, Ok(()), "{state:?}");
            assert_eq!(&after.state, to, "{state:?}");
            assert!(after.update_time > before.update_time, "{state:?}");
        } else {
            assert_eq!(result, Err(GoogleError::failed_precondition()), "{state:?}");
            assert_eq!(after, &before, "{state:?}");
        }
    }
}

#[test]
fn an_entitlement_is_approved_while_it_waits() {
    for (activation, to) in [
        (Activation::AtOnce, EntitlementState::Active),
        (
            Activation::WhenAdvanced,
            EntitlementState::ActivationRequested,
        ),
    ] {
        let waits = [EntitlementState::ActivationRequested];
        check(
            activation,
            MarketplaceState::approve_entitlement,
            &waits,
            &to,
        );
    }
}

#[test]
fn an_entitlement_is_rejected_while_it_waits() {
    check(
        Activation::AtOnce,
        |state, id, now| state.entitlement_mut(id)?.reject(now).map(drop),
        &[EntitlementState::ActivationRequested],
        &EntitlementState::Cancelled,
    );
}

#[test]
fn a_plan_change_is_decided_while_it_waits() {
    type Decision = fn(&mut Entitlement, Timestamp) -> Result<EventKinds, GoogleError>;
    let decisions: [(Decision, EntitlementState); 3] = [
        (
            |it, now| it.approve_plan_change(PLAN, Activation::AtOnce, now),
            EntitlementState::Active,
        ),
        (
            |it, now| it.approve_plan_change(PLAN, Activation::WhenAdvanced, now),
            EntitlementState::PendingPlanChange,
        ),
        (
            |it, now| it.reject_plan_change(PLAN, now),
            EntitlementState::Active,
        ),
    ];
    for (decide, to) in decisions {
        check(
            Activation::AtOnce,
            |state, id, now| decide(state.entitlement_mut(id)?, now).map(drop),
            &[EntitlementState::PendingPlanChangeApproval],
            &to,
        );
    }
}

#[test]
fn a_message_is_set_while_the_customer_waits() {
    let mut market = Market::new(Activation::AtOnce);
    for state in STATES {
        let id = market.order_in(&state);
        let now = market.later();
        let it = market.state.entitlement_mut(id.as_str()).unwrap();
        let waits = matches!(
            state,
            EntitlementState::ActivationRequested | EntitlementState::PendingPlanChangeApproval
        );
        let set = it.set_message(Some("soon"), now);
        assert_eq!(set.is_ok(), waits, "{state:?}");
        assert_eq!(it.message_to_user.is_some(), waits, "{state:?}");
        it.end("user-cancelled", now);
        assert_eq!(it.message_to_user, None);
    }
}

#[test]
fn a_plan_change_names_the_pending_plan() {
    let mut market = Market::new(Activation::AtOnce);
    let id = market.order_in(&EntitlementState::PendingPlanChangeApproval);
    let now = market.later();
    let it = market.state.entitlement_mut(id.as_str()).unwrap();
    let refused = it.approve_plan_change("usage-plan", Activation::AtOnce, now);
    assert_eq!(refused.unwrap_err().status, "INVALID_ARGUMENT");
    it.approve_plan_change(PLAN, Activation::AtOnce, now)
        .unwrap();
    assert_eq!((it.plan.as_str(), &it.new_pending_plan), (PLAN, &None));
}

#[test]
fn an_entitlement_is_not_approved_before_its_account() {
    let mut market = Market::new(Activation::AtOnce);
    let order = market.buy(Buyer::New);
    let now = market.later();
    let id = order.entitlement.as_str();
    let refused = market.state.approve_entitlement(id, now);
    assert_eq!(refused, Err(GoogleError::failed_precondition()));
    let account = market.state.account_mut(order.account.as_str()).unwrap();
    account.approve(Some("signup"), None, now).unwrap();
    market.state.approve_entitlement(id, now).unwrap();
    assert_eq!(market.entitlement(&order.entitlement).times_approved, 1);
}

#[test]
fn an_approved_entitlement_is_not_approved_again_while_it_waits_to_become_active() {
    let mut market = Market::new(Activation::WhenAdvanced);
    let id = market.order_in(&EntitlementState::ActivationRequested);
    let now = market.later();
    market.state.approve_entitlement(id.as_str(), now).unwrap();
    let again = market.state.approve_entitlement(id.as_str(), now);
    assert_eq!(again, Err(GoogleError::failed_precondition()));
    let it = market.state.entitlement_mut(id.as_str()).unwrap();
    it.advance(now).unwrap();
    assert_eq!(it.state, EntitlementState::Active);
    assert_eq!(it.times_approved, 1);
}

#[test]
fn an_account_is_approved_once_and_can_be_after_a_rejection() {
    let mut market = Market::new(Activation::AtOnce);
    let now = market.later();
    let id = market.state.create_account(now);
    let account = market.state.account_mut(id.as_str()).unwrap();
    assert_eq!(account.state, marketplace::AccountState::Active);
    let refused = Err(GoogleError::failed_precondition());
    account.reject(None, Some("no"), now).unwrap();
    assert_eq!(account.reject(None, None, now), refused);
    assert_eq!(account.signup(), &ApprovalState::Rejected);
    account.approve(Some("signup"), None, now).unwrap();
    assert_eq!(account.approve(None, None, now), refused);
    assert_eq!(account.reject(None, None, now), refused);
    assert_eq!(account.signup(), &ApprovalState::Approved);
    assert_eq!((account.times_approved, account.times_rejected), (1, 1));
    let unknown = account.approve(Some("other"), None, now);
    assert_eq!(unknown.unwrap_err().status, "INVALID_ARGUMENT");
}

#[test]
fn a_long_reason_is_cut_at_a_character() {
    let mut market = Market::new(Activation::AtOnce);
    let now = market.later();
    let id = market.state.create_account(now);
    let account = market.state.account_mut(id.as_str()).unwrap();
    let reason = format!("x{}", "ä".repeat(200));
    account.approve(None, Some(&reason), now).unwrap();
    assert_eq!(account.approvals[0].reason.as_ref().unwrap().len(), 255);
}

#[test]
fn only_an_own_test_account_is_reset_and_then_its_orders_end() {
    let mut market = Market::new(Activation::AtOnce);
    let id = market.order_in(&EntitlementState::Active);
    let account = market.entitlement(&id).account.clone();
    let now = market.later();
    let refused = market.state.reset_account(account.as_str(), now);
    assert_eq!(refused, Err(GoogleError::permission_denied()));
    let own = market.state.account_mut(account.as_str()).unwrap();
    own.is_own_test_account = true;
    market.state.reset_account(account.as_str(), now).unwrap();
    let reset = market.state.accounts.get(account.as_str()).unwrap();
    assert_eq!(reset.signup(), &ApprovalState::Pending);
    assert_eq!(market.entitlement(&id).state, EntitlementState::Cancelled);
}

#[test]
fn no_two_changes_share_a_moment() {
    let mut market = Market::new(Activation::AtOnce);
    let now = market.later();
    let first = market.state.tick(now);
    assert!(market.state.tick(now) > first);
    assert!(market.state.tick(Timestamp::UNIX_EPOCH) > first);
}

#[test]
fn only_what_is_for_sale_is_bought_by_who_is_there() {
    let mut market = Market::new(Activation::AtOnce);
    let product = market.state.settings.products[0].clone();
    let other = PlanId::parse("other-plan").unwrap();
    let now = market.later();
    let state = &mut market.state;
    let refused = state.purchase(Buyer::New, &product.id, &other, now);
    assert_eq!(refused, Err(NotPossible::UnknownPlan));
    let nobody = Buyer::Existing(ProcurementAccountId::parse("nobody").unwrap());
    let refused = state.purchase(nobody, &product.id, &product.plans[0].id, now);
    assert_eq!(refused, Err(NotPossible::UnknownAccount));
    assert_eq!(state.accounts.iter().count(), 0);
}

#[test]
fn only_usage_plans_have_something_to_report_on() {
    let mut market = Market::new(Activation::AtOnce);
    let flat = market.order_in(&EntitlementState::Active);
    assert_eq!(market.entitlement(&flat).usage_reporting_id, None);
    let product = market.state.settings.products[0].clone();
    let account = Buyer::Existing(market.entitlement(&flat).account.clone());
    let now = market.later();
    let plan = &product.plans[2].id;
    let order = market.state.purchase(account, &product.id, plan, now);
    let id = &order.unwrap().entitlement;
    assert_eq!(market.entitlement(id).usage_reporting_id, None);
    market.state.approve_entitlement(id.as_str(), now).unwrap();
    let reporting = market.entitlement(id).usage_reporting_id.clone().unwrap();
    assert!(reporting.starts_with("project_number:"));
}
