//! Decisions against a small model of Google: events in any order, any number of times, from stale reads, interrupted
//! anywhere or never delivered, and then one reconciliation.

use std::collections::BTreeSet;

use approval::{ApprovalPolicy, ApprovalStep, GoogleOrder};
use marketplace::{EntitlementId, EntitlementState as State, PlanId};
use outbox::OrderChange;
use proptest::prelude::*;
use store::{Account, Approval, Entitlement};

use super::records::{account, at, changes, entitlement, products, provider};
use crate::decide::{
    Decision, Effect, OrderRules, ResourceAnswer, Step, StoredState, on_entitlement,
};
use crate::{EventType, Trigger};

const ORDERS: usize = 3;

/// What a customer, an operator or chance does.
#[derive(Debug, Clone, Copy)]
enum Op {
    SignUp,
    Buy(usize),
    Cancel(usize),
    CancelLater(usize),
    Revert(usize),
    ChangePlan(usize),
    Suspend(usize),
    /// Delivers the `event`th message so far; Google answers from so many changes ago, and the rest
    /// is interrupted after so many steps.
    Deliver {
        event: usize,
        lag: usize,
        steps: usize,
    },
}

#[derive(Default)]
struct GoogleModel {
    clock: i64,
    approved: bool,
    /// Every state each order was in, the newest last.
    orders: [Vec<GoogleOrder>; ORDERS],
    approvals: [usize; ORDERS],
    plan_approvals: usize,
    plan_requests: usize,
    messages: Vec<(usize, Trigger)>,
}

#[derive(Default)]
struct ModelStore {
    account: Option<Account>,
    orders: [Option<Entitlement>; ORDERS],
    /// The orders whose customer the application believes to have access by them.
    notified: BTreeSet<usize>,
}

impl GoogleModel {
    fn state(&self, order: usize) -> Option<&State> {
        self.orders[order].last().map(|order| &order.record.state)
    }

    fn enter(&mut self, order: usize, state: State) {
        self.clock += 1;
        let mut next = match self.orders[order].last() {
            Some(last) => last.clone(),
            None => GoogleOrder {
                record: Entitlement {
                    id: EntitlementId::parse(format!("E-{order}")).unwrap(),
                    ..entitlement(&state, 0)
                },
                pending_plan: None,
                has_message: false,
            },
        };
        let asks = state == State::PendingPlanChangeApproval;
        next.pending_plan = asks.then(|| PlanId::parse("premium").unwrap());
        next.record.state = state;
        next.record.update_time = at(self.clock);
        self.orders[order].push(next);
        let trigger = Trigger::Event {
            kind: Some(EventType::Renewed),
            announced: Some(at(self.clock)),
            published: None,
        };
        self.messages.push((order, trigger));
    }

    fn do_if(&mut self, order: usize, before: &[State], after: State) -> bool {
        let may = self
            .state(order)
            .is_some_and(|state| before.contains(state));
        if may {
            self.enter(order, after);
        }
        may
    }

    fn approve(&mut self, order: usize) {
        if self.approved && self.do_if(order, &[State::ActivationRequested], State::Active) {
            self.approvals[order] += 1;
        }
    }

    fn approve_plan(&mut self, order: usize, plan: &PlanId) {
        if self.do_if(order, &[State::PendingPlanChangeApproval], State::Active) {
            self.plan_approvals += 1;
            self.orders[order].last_mut().unwrap().record.plan = Some(plan.clone());
        }
    }
}

struct Model {
    google: GoogleModel,
    store: ModelStore,
}

impl Model {
    fn perform(&mut self, op: Op) {
        let google = &mut self.google;
        match op {
            Op::SignUp => {
                self.store
                    .account
                    .get_or_insert_with(|| account(Approval::None));
                let account = self.store.account.as_mut().unwrap();
                if account.approval == Approval::None {
                    account.approval = Approval::Approving;
                }
            }
            Op::Buy(order) => {
                if google.state(order).is_none() {
                    google.enter(order, State::ActivationRequested);
                }
            }
            Op::Cancel(order) => {
                if google
                    .state(order)
                    .is_some_and(|state| state != &State::Cancelled)
                {
                    google.enter(order, State::Cancelled);
                }
            }
            Op::CancelLater(order) => {
                google.do_if(order, &[State::Active], State::PendingCancellation);
            }
            Op::Revert(order) => {
                google.do_if(
                    order,
                    &[State::PendingCancellation, State::Suspended],
                    State::Active,
                );
            }
            Op::ChangePlan(order) => {
                if google.do_if(order, &[State::Active], State::PendingPlanChangeApproval) {
                    google.plan_requests += 1;
                }
            }
            Op::Suspend(order) => {
                google.do_if(order, &[State::Active], State::Suspended);
            }
            Op::Deliver { event, lag, steps } => {
                if let Some((order, trigger)) = google.messages.get(event).copied() {
                    self.synchronize(order, trigger, lag, steps);
                }
            }
        }
    }

    /// What the program does with one answer of Google's.
    fn synchronize(&mut self, order: usize, trigger: Trigger, lag: usize, steps: usize) {
        let history = &self.google.orders[order];
        let Some(fetched) = history
            .iter()
            .rev()
            .nth(lag.min(history.len() - 1))
            .cloned()
        else {
            return;
        };
        let others: Vec<_> = self.store.orders.iter().flatten().cloned().collect();
        let others: Vec<_> = others
            .into_iter()
            .filter(|other| other.id != fetched.record.id)
            .collect();
        let known = StoredState {
            account: self.store.account.as_ref(),
            entitlement: self.store.orders[order].as_ref(),
            others: &others,
        };
        let products = products();
        let rules = OrderRules {
            policy: ApprovalPolicy::Auto,
            products: &products,
            provider: &provider(),
            now: at(100_000),
        };
        let decision = on_entitlement(known, &ResourceAnswer::Found(fetched), trigger, rules);
        let Decision::Apply(effect) = decision else {
            return;
        };
        let changes = changes(&effect);
        let Effect {
            record,
            steps: next,
            ..
        } = *effect;
        if record.is_some() {
            self.store
                .account
                .get_or_insert_with(|| account(Approval::None));
            self.store.orders[order] = record;
        }
        for change in changes {
            match change {
                OrderChange::AccessGranted => assert!(self.store.notified.insert(order)),
                OrderChange::OrderEnded | OrderChange::AccessEnded => {
                    assert!(self.store.notified.remove(&order));
                }
                _ => {}
            }
        }
        for step in next.into_iter().take(steps) {
            self.perform_step(order, &step);
        }
    }

    fn perform_step(&mut self, order: usize, step: &Step) {
        match step {
            Step::Approval(ApprovalStep::ApproveAccount) => {
                self.google.approved = true;
                self.store.account.as_mut().unwrap().approval = Approval::Approved;
                for order in 0..ORDERS {
                    self.google.approve(order);
                }
            }
            Step::Approval(ApprovalStep::ApproveOrder) => self.google.approve(order),
            Step::Approval(ApprovalStep::ApprovePlanChange(plan)) => {
                self.google.approve_plan(order, plan);
            }
            _ => {}
        }
    }

    /// One round, and those after it for what Google did in answer to the first.
    fn reconcile(&mut self) {
        for _ in 0..3 {
            for order in 0..ORDERS {
                if self.google.state(order).is_some() {
                    self.synchronize(order, Trigger::Reconciliation, 0, usize::MAX);
                }
            }
        }
    }
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let order = || 0..ORDERS;
    let op = prop_oneof![
        1 => Just(Op::SignUp),
        3 => order().prop_map(Op::Buy),
        1 => order().prop_map(Op::Cancel),
        1 => order().prop_map(Op::CancelLater),
        1 => order().prop_map(Op::Revert),
        1 => order().prop_map(Op::ChangePlan),
        1 => order().prop_map(Op::Suspend),
        8 => (0..20_usize, 0..3_usize, 0..3_usize)
            .prop_map(|(event, lag, steps)| Op::Deliver { event, lag, steps }),
    ];
    prop::collection::vec(op, 0..60)
}

proptest! {
    #[test]
    fn after_any_deliveries_reconciliation_ends_at_what_google_says(ops in ops()) {
        let mut model = Model { google: GoogleModel::default(), store: ModelStore::default() };
        for op in ops {
            model.perform(op);
        }
        model.reconcile();
        let Model { google, store } = model;
        let signed_up = store.account.as_ref().is_some_and(|a| a.approval != Approval::None);
        for order in 0..ORDERS {
            let last = google.orders[order].last().map(|order| &order.record);
            prop_assert_eq!(store.orders[order].as_ref(), last);
            prop_assert!(google.approvals[order] <= 1);
            let state = google.state(order);
            let live = state.is_some_and(State::is_live);
            prop_assert_eq!(store.notified.contains(&order), live);
            if google.approved {
                prop_assert_ne!(state, Some(&State::ActivationRequested));
                prop_assert_ne!(state, Some(&State::PendingPlanChangeApproval));
            }
        }
        // Without a sign-up nothing is approved.
        prop_assert!(signed_up || !google.approved);
        prop_assert!(google.plan_approvals <= google.plan_requests);
    }
}
