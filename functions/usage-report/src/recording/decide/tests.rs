//! Every rule about a record.

use jiff::Timestamp;
use marketplace::{
    EntitlementId, EntitlementState as State, PlanId, ProcurementAccountId, ProductId, ProviderId,
};
use metering::{
    InvalidQuantity, Labels, LatePolicy, MetricId, Metrics, NoWindow, Services, hour_of,
};
use store::{Absence, Entitlement, Shard, UsageGap, UsageRecord, WindowGate};

use super::{RecordDecision, RecordRules, Refusal, SentRecord, StoredState, decide};

const NOW: &str = "2026-03-21T03:30:00Z";
const USED: &str = "2026-03-21T03:10:00Z";
const BOUGHT: &str = "2026-01-01T09:20:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn sent() -> SentRecord {
    SentRecord {
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
        plan: PlanId::parse("pro").ok(),
        ..Entitlement::new(
            &EntitlementId::parse("E-1").unwrap(),
            &ProcurementAccountId::parse("A-1").unwrap(),
            &ProductId::parse("ours").unwrap(),
            &State::Active,
            at(BOUGHT),
        )
    }
}

fn gate(open: &str, ended: Option<&str>) -> WindowGate {
    WindowGate {
        entitlement: EntitlementId::parse("E-1").unwrap(),
        shard: Shard::of(0),
        open: at(open),
        ended: ended.map(at),
        gap: None,
    }
}

/// The gate of an order that ended then and is in force again.
fn reopened(from: &str, open: &str) -> WindowGate {
    WindowGate {
        gap: Some(UsageGap {
            from: at(from),
            until: at(open),
        }),
        ..gate(open, None)
    }
}

/// A record and what is stored, which a test may change.
struct Case {
    sent: SentRecord,
    entitlement: Option<Entitlement>,
    gate: Option<WindowGate>,
    same_key: Option<UsageRecord>,
    late: LatePolicy,
}

impl Case {
    fn new() -> Self {
        Self {
            sent: sent(),
            entitlement: Some(entitlement()),
            gate: Some(gate("2026-03-21T03:00:00Z", None)),
            same_key: None,
            late: LatePolicy::NextWindow,
        }
    }

    fn used(mut self, at_time: &str) -> Self {
        self.sent.occurred_at = at(at_time);
        self
    }

    fn quantity(mut self, json: &str) -> Self {
        self.sent.quantity = serde_json::from_str(json).unwrap();
        self
    }

    fn of(mut self, change: impl FnOnce(&mut Entitlement)) -> Self {
        change(self.entitlement.as_mut().unwrap());
        self
    }

    fn gated(mut self, gate: Option<WindowGate>) -> Self {
        self.gate = gate;
        self
    }

    fn decide(&self) -> RecordDecision {
        let rules = RecordRules {
            provider: ProviderId::parse("us").unwrap(),
            services: Services::parse("ours=ours.example.com", None).unwrap(),
            metrics: Metrics::parse("pro/requests:int64,pro/gib:double,max/seats:int64").unwrap(),
            late: self.late,
        };
        let stored = StoredState {
            entitlement: self.entitlement.as_ref(),
            gate: self.gate.as_ref(),
            same_key: self.same_key.as_ref(),
        };
        decide(&self.sent, stored, &rules, at(NOW))
    }

    #[track_caller]
    fn stored(&self) -> UsageRecord {
        match self.decide() {
            RecordDecision::Store(record) => record,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn refused(&self, refusal: Refusal) {
        assert_eq!(self.decide(), RecordDecision::Refuse(refusal));
    }
}

#[test]
fn usage_is_stored_in_the_window_of_its_time() {
    let record = Case::new().stored();
    assert_eq!(
        (record.hour, record.late),
        (at("2026-03-21T03:00:00Z"), false)
    );
    assert_eq!((record.occurred, record.received), (at(USED), at(NOW)));
    assert_eq!(record.keep_until, at("2026-06-29T03:30:00Z"));
}

#[test]
fn the_first_usage_finds_no_gate_and_a_window_from_the_purchase_on() {
    let record = Case::new()
        .gated(None)
        .used("2026-02-01T00:30:00Z")
        .stored();
    assert_eq!(
        (record.hour, record.late),
        (at("2026-02-01T00:00:00Z"), false)
    );
}

#[test]
fn late_usage_counts_in_the_open_window_or_not_at_all() {
    let late = Case::new().used("2026-03-21T02:10:00Z");
    let record = late.stored();
    assert_eq!((record.hour, record.late), (hour_of(at(NOW)), true));
    let late = Case {
        late: LatePolicy::Refuse,
        ..late
    };
    late.refused(Refusal::NoWindow(NoWindow::Closed));
}

#[test]
fn zero_is_usage() {
    Case::new().quantity("0").stored();
}

#[test]
fn a_quantity_that_does_not_fit_the_metric_is_refused() {
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
    double.sent.metric = "gib".to_owned();
    double.refused(Refusal::Quantity(InvalidQuantity::TooLarge));
    double.quantity("0.25").stored();
}

#[test]
fn a_metric_must_be_declared_and_of_the_plan() {
    let mut case = Case::new();
    case.sent.metric = "other".to_owned();
    case.refused(Refusal::MetricUnknown);
    case.sent.metric = "seats".to_owned();
    case.refused(Refusal::MetricOfOtherPlan);
}

#[test]
fn before_the_last_change_another_plan_may_have_been_in_force() {
    let mut case = Case::new().of(|it| it.update_time = at("2026-03-21T03:20:00Z"));
    case.sent.metric = "seats".to_owned();
    case.stored();
}

#[test]
fn an_entitlement_must_be_known_and_of_our_provider() {
    let mut case = Case::new().of(|it| it.provider = ProviderId::parse("them").ok());
    case.refused(Refusal::EntitlementUnknown);
    case.entitlement = None;
    case.refused(Refusal::EntitlementUnknown);
    Case::new()
        .of(|it| it.provider = ProviderId::parse("us").ok())
        .stored();
}

#[test]
fn a_product_without_a_service_is_refused_by_name() {
    for other in ["theirs", "ours-2"] {
        let case = Case::new().of(|it| it.product = ProductId::parse(other).unwrap());
        case.refused(Refusal::ProductWithoutService);
    }
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
    case.of(|it| it.usage_reporting_id = id).stored();
}

#[test]
fn a_suspended_customer_uses_nothing_but_may_have_before() {
    for state in [
        State::Suspended,
        State::from("ENTITLEMENT_PAUSED".to_owned()),
    ] {
        let suspended = Case::new().of(|it| it.state = state);
        let suspended = suspended.of(|it| it.update_time = at("2026-03-21T03:20:00Z"));
        suspended.stored();
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
    ended().stored();
    ended()
        .used(end)
        .refused(Refusal::NoWindow(NoWindow::AfterEnd));
    let closed = ended().gated(Some(gate(end, Some(end))));
    closed.refused(Refusal::NoWindow(NoWindow::LastClosed));
    let purged = Case::new().of(|it| it.deleted = Some(at(end)));
    purged.stored();
    purged
        .used(end)
        .refused(Refusal::NoWindow(NoWindow::AfterEnd));
}

#[test]
fn the_last_closed_window_stays_closed_even_if_google_changes_the_end() {
    let end = "2026-03-21T02:15:00Z";
    let case = Case::new().gated(Some(gate(end, Some(end))));
    let case = case
        .of(|it| it.state = State::Cancelled)
        .of(|it| it.update_time = at(NOW));
    case.refused(Refusal::NoWindow(NoWindow::AfterEnd));
}

#[test]
fn an_order_that_is_back_is_reopened_before_its_usage_is_decided_on() {
    let end = "2026-03-21T02:15:00Z";
    for state in [State::Active, State::Suspended] {
        let case = Case::new().gated(Some(gate(end, Some(end))));
        let case = case.of(|it| it.state = state);
        assert_eq!(case.decide(), RecordDecision::Reopen);
        // Whether it is there to stay is not known yet: nothing is refused for good.
        let absent = Absence {
            since: at(NOW),
            accepted: None,
        };
        let case = case.of(|it| it.absent = Some(absent));
        assert_eq!(case.decide(), RecordDecision::Reopen);
        let case = case.of(|it| it.deleted = Some(at(NOW)));
        case.refused(Refusal::NoWindow(NoWindow::AfterEnd));
    }
}

#[test]
fn usage_of_a_gap_is_taken_as_late_whatever_is_configured() {
    let (end, open) = ("2026-03-20T02:15:00Z", "2026-03-21T04:00:00Z");
    for late in [LatePolicy::NextWindow, LatePolicy::Refuse] {
        for used in [end, "2026-03-20T23:00:00Z", USED] {
            let case = Case {
                late,
                ..Case::new().gated(Some(reopened(end, open))).used(used)
            };
            let record = case.stored();
            assert_eq!((record.hour, record.late), (at(open), true), "{used}");
        }
    }
    let before = Case {
        late: LatePolicy::Refuse,
        ..Case::new()
            .gated(Some(reopened(end, open)))
            .used("2026-03-20T02:14:59Z")
    };
    before.refused(Refusal::NoWindow(NoWindow::Closed));
}

#[test]
fn an_order_that_ends_again_before_it_is_open_has_used_what_it_used() {
    let case = Case::new().gated(Some(reopened(
        "2026-03-20T02:15:00Z",
        "2026-03-21T04:00:00Z",
    )));
    let case = case.of(|it| it.deleted = Some(at("2026-03-21T03:15:00Z")));
    assert!(case.stored().late);
    let after = case.used("2026-03-21T03:15:00Z");
    after.refused(Refusal::NoWindow(NoWindow::AfterEnd));
}

#[test]
fn usage_is_taken_while_an_absence_is_not_confirmed() {
    let absent = Absence {
        since: at("2026-03-21T03:05:00Z"),
        accepted: None,
    };
    let absent = Case::new().of(|it| it.absent = Some(absent));
    absent.stored();
    absent
        .of(|it| it.deleted = Some(at("2026-03-21T03:05:00Z")))
        .refused(Refusal::NoWindow(NoWindow::AfterEnd));
}

#[test]
fn impossible_times_are_refused() {
    for (used, refusal) in [
        ("2026-03-21T03:30:31Z", Refusal::NoWindow(NoWindow::Future)),
        ("9999-01-01T00:00:00Z", Refusal::NoWindow(NoWindow::Future)),
        (
            "2026-01-01T09:19:59Z",
            Refusal::NoWindow(NoWindow::BeforeStart),
        ),
        (
            "0001-01-01T00:00:00Z",
            Refusal::NoWindow(NoWindow::BeforeStart),
        ),
        ("2026-01-20T03:29:59Z", Refusal::TooOld),
    ] {
        Case::new().used(used).refused(refusal);
    }
    Case::new().used("2026-01-20T03:30:01Z").stored();
    Case::new().used("2026-03-21T03:30:30Z").stored();
}

#[test]
fn a_repeated_record_is_recognised_after_any_change() {
    let stored = Case::new().stored();
    let mut again = Case::new().gated(Some(gate("2026-03-21T04:00:00Z", None)));
    again.same_key = Some(stored);
    again.late = LatePolicy::Refuse;
    assert_eq!(again.decide(), RecordDecision::Duplicate);
    again.entitlement = None;
    assert_eq!(again.decide(), RecordDecision::Duplicate);
    for (name, change) in [
        (
            "quantity",
            (|it: &mut SentRecord| it.quantity = 4.into()) as fn(&mut SentRecord),
        ),
        ("time", |it| it.occurred_at = at(NOW)),
        ("labels", |it| {
            it.labels.insert("a".to_owned(), "b".to_owned());
        }),
        ("metric", |it| it.metric = "seats".to_owned()),
    ] {
        let mut other = Case::new();
        other.same_key.clone_from(&again.same_key);
        change(&mut other.sent);
        assert_eq!(
            other.decide(),
            RecordDecision::Refuse(Refusal::KeyReused),
            "{name}"
        );
    }
}

#[test]
fn a_repeated_record_is_recognised_without_its_metric() {
    let known = Case::new().stored();
    for metric in ["gone", "gib"] {
        let mut again = Case::new();
        again.sent.metric = metric.to_owned();
        again.same_key = Some(UsageRecord {
            metric: MetricId::parse(metric).unwrap(),
            ..known.clone()
        });
        // `gib` was declared with another type before.
        assert_eq!(again.decide(), RecordDecision::Duplicate, "{metric}");
        again.sent.quantity = 4.into();
        again.refused(Refusal::KeyReused);
    }
}
