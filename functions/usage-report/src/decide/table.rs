//! Every rule about a record, one line each.

use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState as State, PlanId, ProcurementAccountId, ProductId, Products,
};
use metering::{Labels, LatePolicy, Metrics, hour_of};
use store::{Entitlement, Shard, UsageRecord, WindowGate};

use super::{Decision, Given, InvalidQuantity, Met, Misplaced, Refusal, Rules, decide};

const NOW: &str = "2026-03-21T03:30:00Z";
const USED: &str = "2026-03-21T03:10:00Z";
const BOUGHT: &str = "2026-01-01T09:20:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn given() -> Given {
    Given {
        entitlement: EntitlementId::parse("E-1").unwrap(),
        metric: "requests".to_owned(),
        quantity: 3.into(),
        occurred_at: at(USED),
        idempotency_key: "k-1".to_owned(),
        labels: Labels::new(),
    }
}

fn entitlement() -> Entitlement {
    Entitlement {
        id: EntitlementId::parse("E-1").unwrap(),
        account: ProcurementAccountId::parse("A-1").unwrap(),
        product: ProductId::parse("ours").unwrap(),
        plan: PlanId::parse("pro").ok(),
        offer: None,
        state: State::Active,
        usage_reporting_id: None,
        create_time: at(BOUGHT),
        update_time: at(BOUGHT),
        starts: None,
        subscription_end: None,
        deleted: None,
    }
}

fn gate(open: &str, ended: Option<&str>) -> WindowGate {
    WindowGate {
        entitlement: EntitlementId::parse("E-1").unwrap(),
        shard: Shard::of(0),
        open: at(open),
        ended: ended.map(at),
    }
}

/// What a record meets, all of which a test may spoil.
struct Case {
    given: Given,
    entitlement: Option<Entitlement>,
    gate: Option<WindowGate>,
    stored: Option<UsageRecord>,
    late: LatePolicy,
}

impl Case {
    fn new() -> Self {
        Self {
            given: given(),
            entitlement: Some(entitlement()),
            gate: Some(gate("2026-03-21T03:00:00Z", None)),
            stored: None,
            late: LatePolicy::NextWindow,
        }
    }

    fn used(mut self, at_time: &str) -> Self {
        self.given.occurred_at = at(at_time);
        self
    }

    fn quantity(mut self, json: &str) -> Self {
        self.given.quantity = serde_json::from_str(json).unwrap();
        self
    }

    fn of(mut self, spoil: impl FnOnce(&mut Entitlement)) -> Self {
        spoil(self.entitlement.as_mut().unwrap());
        self
    }

    fn gated(mut self, gate: Option<WindowGate>) -> Self {
        self.gate = gate;
        self
    }

    fn decide(&self) -> Decision {
        let rules = Rules {
            products: Products::new(vec![ProductId::parse("ours").unwrap()]).unwrap(),
            metrics: Metrics::parse("pro/requests:int64,pro/gib:double,max/seats:int64").unwrap(),
            late: self.late,
        };
        let met = Met {
            entitlement: self.entitlement.as_ref(),
            gate: self.gate.as_ref(),
            stored: self.stored.as_ref(),
        };
        decide(&self.given, met, &rules, at(NOW))
    }

    #[track_caller]
    fn taken(&self) -> UsageRecord {
        match self.decide() {
            Decision::Take(record) => record,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn refused(&self, refusal: Refusal) {
        assert_eq!(self.decide(), Decision::Refuse(refusal));
    }
}

#[test]
fn usage_is_stored_in_the_window_of_its_time() {
    let record = Case::new().taken();
    assert_eq!(
        (record.hour, record.late),
        (at("2026-03-21T03:00:00Z"), false)
    );
    assert_eq!((record.occurred, record.received), (at(USED), at(NOW)));
    assert_eq!(record.keep_until, at("2026-06-29T03:30:00Z"));
}

#[test]
fn the_first_usage_finds_no_gate_and_a_window_from_the_purchase_on() {
    let record = Case::new().gated(None).used("2026-02-01T00:30:00Z").taken();
    assert_eq!(
        (record.hour, record.late),
        (at("2026-02-01T00:00:00Z"), false)
    );
}

#[test]
fn late_usage_counts_in_the_open_window_or_not_at_all() {
    let late = Case::new().used("2026-03-21T02:10:00Z");
    let record = late.taken();
    assert_eq!((record.hour, record.late), (hour_of(at(NOW)), true));
    let late = Case {
        late: LatePolicy::Refuse,
        ..late
    };
    late.refused(Refusal::Misplaced(Misplaced::Closed));
}

#[test]
fn zero_is_usage() {
    Case::new().quantity("0").taken();
}

#[test]
fn what_is_no_quantity_of_the_metric_is_refused() {
    for (json, problem) in [
        ("-1", InvalidQuantity::Negative),
        ("1.5", InvalidQuantity::NotWhole),
        ("1.0", InvalidQuantity::NotWhole),
        ("9223372036854775808", InvalidQuantity::TooLarge),
    ] {
        Case::new()
            .quantity(json)
            .refused(Refusal::Quantity(problem));
    }
    let mut double = Case::new().quantity("1e18");
    double.given.metric = "gib".to_owned();
    double.refused(Refusal::Quantity(InvalidQuantity::TooLarge));
    double.quantity("0.25").taken();
}

#[test]
fn a_metric_must_be_declared_and_of_the_plan() {
    let mut case = Case::new();
    case.given.metric = "other".to_owned();
    case.refused(Refusal::MetricUnknown);
    case.given.metric = "seats".to_owned();
    case.refused(Refusal::MetricOfOtherPlan);
}

#[test]
fn before_the_last_change_another_plan_may_have_been_in_force() {
    let mut case = Case::new().of(|it| it.update_time = at("2026-03-21T03:20:00Z"));
    case.given.metric = "seats".to_owned();
    case.taken();
}

#[test]
fn an_entitlement_must_be_known_and_of_our_products() {
    let mut case = Case::new().of(|it| it.product = ProductId::parse("theirs").unwrap());
    case.refused(Refusal::EntitlementUnknown);
    case.entitlement = None;
    case.refused(Refusal::EntitlementUnknown);
}

#[test]
fn an_entitlement_must_have_been_in_force() {
    let asked = Case::new().of(|it| it.state = State::ActivationRequested);
    asked.refused(Refusal::NotActiveYet);
    let never = |it: &mut Entitlement| it.state = State::Cancelled;
    let case = Case::new()
        .gated(None)
        .of(never)
        .of(|it| it.update_time = at(NOW));
    case.refused(Refusal::NeverActive);
    let id = Some("project_number:1".to_owned());
    case.of(|it| it.usage_reporting_id = id).taken();
}

#[test]
fn a_suspended_customer_uses_nothing_but_may_have_before() {
    for state in [
        State::Suspended,
        State::from("ENTITLEMENT_PAUSED".to_owned()),
    ] {
        let suspended = Case::new().of(|it| it.state = state);
        let suspended = suspended.of(|it| it.update_time = at("2026-03-21T03:20:00Z"));
        suspended.taken();
        suspended
            .used("2026-03-21T03:25:00Z")
            .refused(Refusal::Suspended);
    }
}

#[test]
fn an_ended_customer_may_have_used_something_until_then() {
    let end = "2026-03-21T03:15:00Z";
    let ended = || {
        let case = Case::new().of(|it| it.state = State::Cancelled);
        case.of(|it| it.update_time = at(end))
    };
    ended().taken();
    ended()
        .used(end)
        .refused(Refusal::Misplaced(Misplaced::AfterLife));
    let closed = ended().gated(Some(gate(end, Some(end))));
    closed.refused(Refusal::Misplaced(Misplaced::LastClosed));
    let purged = Case::new().of(|it| it.deleted = Some(at(end)));
    purged.taken();
    purged
        .used(end)
        .refused(Refusal::Misplaced(Misplaced::AfterLife));
}

#[test]
fn what_was_closed_last_stays_closed_whatever_google_says_of_the_end() {
    let end = "2026-03-21T02:15:00Z";
    let case = Case::new().gated(Some(gate(end, Some(end))));
    case.refused(Refusal::Misplaced(Misplaced::AfterLife));
}

#[test]
fn times_outside_of_what_can_be_are_refused() {
    for (used, refusal) in [
        (
            "2026-03-21T03:30:31Z",
            Refusal::Misplaced(Misplaced::Future),
        ),
        (
            "9999-01-01T00:00:00Z",
            Refusal::Misplaced(Misplaced::Future),
        ),
        (
            "2026-01-01T09:19:59Z",
            Refusal::Misplaced(Misplaced::BeforeLife),
        ),
        (
            "0001-01-01T00:00:00Z",
            Refusal::Misplaced(Misplaced::BeforeLife),
        ),
        ("2026-01-20T03:29:59Z", Refusal::TooOld),
    ] {
        Case::new().used(used).refused(refusal);
    }
    Case::new().used("2026-01-20T03:30:01Z").taken();
    Case::new().used("2026-03-21T03:30:30Z").taken();
}

#[test]
fn a_repetition_is_recognised_whatever_has_happened_since() {
    let stored = Case::new().taken();
    let mut again = Case::new().gated(Some(gate("2026-03-21T04:00:00Z", None)));
    again.stored = Some(stored);
    again.late = LatePolicy::Refuse;
    assert_eq!(again.decide(), Decision::Duplicate);
    again.entitlement = None;
    assert_eq!(again.decide(), Decision::Duplicate);
    for (name, spoil) in [
        (
            "quantity",
            (|it: &mut Given| it.quantity = 4.into()) as fn(&mut Given),
        ),
        ("time", |it| it.occurred_at = at(NOW)),
        ("labels", |it| {
            it.labels.insert("a".to_owned(), "b".to_owned());
        }),
        ("metric", |it| it.metric = "seats".to_owned()),
    ] {
        let mut other = Case::new();
        other.stored.clone_from(&again.stored);
        spoil(&mut other.given);
        assert_eq!(
            other.decide(),
            Decision::Refuse(Refusal::KeyReused),
            "{name}"
        );
    }
}
