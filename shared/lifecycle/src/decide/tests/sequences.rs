//! Whole sequences of answers within one day: nobody is erased or loses access because Google did not find them.

use approval::{ApprovalPolicy, GoogleOrder};
use jiff::{SignedDuration, Timestamp};
use marketplace::{Access, ApprovalState, EntitlementState as State};
use proptest::prelude::*;
use store::{Account, Approval, Entitlement};

use super::account::google;
use super::records::{account, account_id, at, entitlement, order, products, provider, stored};
use crate::decide::{
    Absent, AccountRules, Decision, OrderRules, ResourceAnswer, StoredAccount, is_confirmable,
    is_due_to_be_erased, on_account, on_entitlement,
};
use crate::{EventType, Trigger};

/// One question to Google, so many seconds after the last one.
#[derive(Debug, Clone, Copy)]
struct Question {
    after: i64,
    found: bool,
    /// The type of the event that causes it; none for reconciliation.
    event: Option<EventType>,
    /// How old the event is, in seconds. An old one was sent before the customer signed up.
    age: i64,
}

/// The customer signed up at this moment.
const SIGNED_UP: i64 = 0;

fn question() -> impl Strategy<Value = Question> {
    let event = prop_oneof![
        3 => Just(None),
        2 => Just(Some(EventType::AccountActive)),
        2 => Just(Some(EventType::AccountDeleted)),
        1 => Just(Some(EventType::Deleted)),
    ];
    (0..7_000_i64, any::<bool>(), event, 0..3_000_000_i64).prop_map(|(after, found, event, age)| {
        Question {
            after,
            found,
            event,
            age,
        }
    })
}

struct Customer {
    account: Account,
    order: Entitlement,
}

impl Question {
    fn trigger(self, now: Timestamp) -> Trigger {
        let Some(kind) = self.event else {
            return Trigger::Reconciliation;
        };
        let sent = now
            .saturating_sub(SignedDuration::from_secs(self.age))
            .unwrap();
        Trigger::Event {
            kind: Some(kind),
            announced: Some(sent),
            published: None,
        }
    }

    /// Whether Google itself says that it deleted what it does not find.
    fn says_deleted(self, kind: EventType, now: Timestamp) -> bool {
        let sent = now
            .saturating_sub(SignedDuration::from_secs(self.age))
            .unwrap();
        !self.found && self.event == Some(kind) && sent > at(SIGNED_UP)
    }
}

impl Customer {
    fn signed_up() -> Self {
        Self {
            account: Account {
                opened: Some(at(SIGNED_UP)),
                ..account(Approval::Approved)
            },
            order: entitlement(&State::Active, SIGNED_UP),
        }
    }

    fn ask_for_account(&mut self, question: Question, now: Timestamp) {
        let answer = if question.found {
            ResourceAnswer::Found(google(Some(ApprovalState::Approved), SIGNED_UP))
        } else {
            ResourceAnswer::Absent(belief(self.account.absent, question, now), now)
        };
        let orders = [self.order.clone()];
        let known = StoredAccount {
            account: Some(&self.account),
            orders: &orders,
        };
        let rules = AccountRules {
            provider: &provider(),
            now,
        };
        let trigger = question.trigger(now);
        match on_account(&account_id(), known, &answer, trigger, rules) {
            Decision::Apply(effect) => {
                self.account = effect.record.unwrap_or_else(|| self.account.clone());
            }
            Decision::Absent { record, .. } => {
                self.account = record.unwrap_or_else(|| self.account.clone());
            }
            _ => {}
        }
    }

    fn ask_for_order(&mut self, question: Question, now: Timestamp) {
        let answer: ResourceAnswer<GoogleOrder> = if question.found {
            ResourceAnswer::Found(order(&State::Active, SIGNED_UP))
        } else {
            ResourceAnswer::Absent(belief(self.order.absent, question, now), now)
        };
        let rules = OrderRules {
            policy: ApprovalPolicy::Auto,
            products: &products(),
            provider: &provider(),
            now,
        };
        let known = stored(Some(&self.account), Some(&self.order));
        match on_entitlement(known, &answer, question.trigger(now), rules) {
            Decision::Apply(effect) => {
                self.order = effect.record.unwrap_or_else(|| self.order.clone());
            }
            Decision::Absent { record, .. } => {
                self.order = record.unwrap_or_else(|| self.order.clone());
            }
            _ => {}
        }
    }

    fn has_access(&self) -> bool {
        self.account.access([&self.order]) == Access::Live
    }
}

/// Reconciliation believes what is old enough; here neither the brake nor another account holds it back.
fn belief(absence: Option<store::Absence>, question: Question, now: Timestamp) -> Absent {
    let is_old = absence.is_some_and(|absence| is_confirmable(absence, now));
    if question.event.is_none() && is_old {
        Absent::Confirmed
    } else {
        Absent::Unconfirmed
    }
}

proptest! {
    #[test]
    fn nobody_is_erased_because_google_did_not_find_them_within_a_day(
        questions in prop::collection::vec(question(), 1..40),
    ) {
        let mut customer = Customer::signed_up();
        let mut seconds = 1;
        let mut said_deleted = false;
        for question in questions {
            seconds += question.after;
            if seconds >= 24 * 3_600 {
                break;
            }
            let now = at(seconds);
            said_deleted |= question.says_deleted(EventType::AccountDeleted, now)
                || question.says_deleted(EventType::Deleted, now);
            customer.ask_for_account(question, now);
            customer.ask_for_order(question, now);
            let erased = is_due_to_be_erased(&customer.account, SignedDuration::ZERO, now);
            prop_assert!(said_deleted || (customer.has_access() && !erased));
        }
    }

    #[test]
    fn whatever_was_believed_google_s_having_it_again_heals_it(
        questions in prop::collection::vec(question(), 1..40),
        days in 1..30_i64,
    ) {
        let mut customer = Customer::signed_up();
        let mut seconds = 1;
        for question in questions {
            // No event says that anything was deleted.
            let question = Question { event: None, after: question.after * days, ..question };
            seconds += question.after;
            customer.ask_for_account(question, at(seconds));
            customer.ask_for_order(question, at(seconds));
        }
        let found = Question { after: 0, found: true, event: None, age: 0 };
        customer.ask_for_account(found, at(seconds));
        customer.ask_for_order(found, at(seconds));
        prop_assert!(customer.has_access());
        prop_assert_eq!(customer.account.approval, Approval::Approved);
        prop_assert_eq!((customer.account.absent, customer.order.absent), (None, None));
    }
}
