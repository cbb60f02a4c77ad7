//! What becomes of each order of a token.

use jiff::Timestamp;
use marketplace::ProcurementAccountId;

use super::*;
use crate::tests::samples::{customer, entitlement};

const OURS: &str = "ours";

fn products() -> Products {
    Products::new(vec![ProductId::parse(OURS).unwrap()]).unwrap()
}

fn id(text: &str) -> EntitlementId {
    EntitlementId::parse(text).unwrap()
}

fn orders(in_token: &[&str], stored: &[Entitlement]) -> Orders {
    Orders::of(&customer(in_token), &stored.iter(), &products())
}

/// What becomes of the one order of a token of which this is stored.
#[track_caller]
fn check(stored: Entitlement, listed: Option<(&str, Standing)>) {
    let orders = orders(&["a"], &[stored]);
    let found = orders.listed().first();
    assert_eq!(found.map(|o| (o.state(), o.standing)), listed, "{orders:?}");
    let open = listed.is_some_and(|(_, standing)| standing == Standing::Open);
    assert_eq!(orders.is_open(&id("a")), open);
    let (choice, chosen) = if open {
        (Choice::One(id("a")), Some(id("a")))
    } else {
        (Choice::Nothing, None)
    };
    assert_eq!(orders.choice(), choice);
    assert_eq!(orders.chosen(Some("a")), Ok(chosen));
}

#[test]
fn an_order_is_open_unless_its_state_ended_it() {
    for (state, shown, standing) in [
        ("ACTIVATION_REQUESTED", "being set up", Standing::Open),
        ("ACTIVE", "in force", Standing::Open),
        (
            "PENDING_CANCELLATION",
            "in force, cancelled for the end of its term",
            Standing::Open,
        ),
        (
            "PENDING_PLAN_CHANGE",
            "in force, its plan is about to change",
            Standing::Open,
        ),
        (
            "PENDING_PLAN_CHANGE_APPROVAL",
            "in force, its plan is about to change",
            Standing::Open,
        ),
        ("CANCELLED", "ended", Standing::Ended),
        ("SUSPENDED", "suspended", Standing::Ended),
        ("PAUSED", "not known", Standing::Open),
    ] {
        let stored = entitlement("a", OURS, state);
        check(stored.clone(), Some((shown, standing)));
        let purged = Entitlement {
            deleted: Some(Timestamp::UNIX_EPOCH),
            ..stored
        };
        let shown = if state == "SUSPENDED" { shown } else { "ended" };
        check(purged, Some((shown, Standing::Ended)));
    }
}

#[test]
fn what_is_not_this_customers_is_not_even_listed() {
    let stored = entitlement("a", OURS, "ACTIVE");
    let of_another = Entitlement {
        account: ProcurementAccountId::parse("another").unwrap(),
        ..stored
    };
    check(of_another, None);
    check(entitlement("a", "theirs", "ACTIVE"), None);
}

#[test]
fn an_order_that_the_store_does_not_know_is_listed_by_its_id() {
    let orders = orders(&["b", "a", "b"], &[]);
    let listed: Vec<_> = orders.listed().iter().map(|o| (&o.id, o.state())).collect();
    assert_eq!(listed, [(&id("b"), "new"), (&id("a"), "new")]);
    assert_eq!(orders.choice(), Choice::Several);
}

#[test]
fn a_token_without_orders_leaves_nothing_to_choose() {
    let orders = orders(&[], &[entitlement("a", OURS, "ACTIVE")]);
    assert_eq!(orders.listed(), []);
    assert_eq!(orders.choice(), Choice::Nothing);
    assert_eq!(orders.chosen(Some("a")), Ok(None));
}

#[test]
fn one_that_is_left_beside_ended_ones_is_the_choice() {
    let stored = [
        entitlement("a", OURS, "CANCELLED"),
        entitlement("b", OURS, "ACTIVE"),
        entitlement("c", "theirs", "ACTIVE"),
    ];
    let orders = orders(&["a", "b", "c"], &stored);
    assert_eq!(orders.choice(), Choice::One(id("b")));
    assert_eq!(orders.listed().len(), 2);
}

#[test]
fn only_an_open_order_of_this_token_is_chosen() {
    let stored = [
        entitlement("a", OURS, "ACTIVE"),
        entitlement("b", OURS, "CANCELLED"),
        entitlement("d", OURS, "ACTIVE"),
    ];
    let orders = orders(&["a", "b", "c"], &stored);
    for open in ["a", "c"] {
        assert_eq!(orders.chosen(Some(open)), Ok(Some(id(open))));
    }
    for refused in [
        None,
        Some("b"),
        Some("d"),
        Some("A"),
        Some(""),
        Some("../a"),
    ] {
        assert_eq!(orders.chosen(refused), Err(NotToBeChosen), "{refused:?}");
    }
}
