"""python3 -m unittest: needs nothing but Python. `../news.json` is what Portico writes; a test of Portico's compares."""

import copy
import json
import pathlib
import random
import threading
import unittest

from portico_news import DELETED, RESUME, STOP, MemoryStore, News, Unreadable, apply, may_use, parse

EVENTS = json.loads(pathlib.Path(__file__).parent.parent.joinpath("news.json").read_text(encoding="utf-8"))
SUBJECT = "accounts/A-1"
SEEDS = range(150)


def example(kind):
    return copy.deepcopy(next(event for event in EVENTS if event["type"] == kind))


def read(event):
    return parse(json.dumps(event))


def applied(events, store=None):
    store = store or MemoryStore()
    for event in events:
        apply(store, read(event))
    return store


def known(store, subject=SUBJECT):
    return store.get(subject)[0]


class World:
    """Customers to whom everything happens that Portico publishes, in its format; what it publishes, and the truth."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.events, self.truth, self.sequences = [], {}, {}
        for number in range(3):
            account = f"A-{number}"
            # The accounts' numbers are far apart: who compares them across subjects is found out.
            self.sequences[account] = 1_795_000_000_000_000 + number * 10**12
            self.truth[account] = {"access": "pending", "orders": {}, "serving": {}, "closed": False}
            self.publish(account, "portico.account.signed-up")
        for _ in range(40):
            self.step(self.random.choice(list(self.truth)))

    def publish(self, account, kind, order=None):
        truth, event = self.truth[account], example(kind)
        live = any(it["state"] == "ENTITLEMENT_ACTIVE" for it in truth["orders"].values())
        truth["access"] = "live" if live else "ended" if truth["orders"] else "pending"
        if truth["closed"]:
            truth["access"] = "ended"
        self.sequences[account] += self.random.choice([1, 2, 10**6])
        event["subject"], event["id"] = f"accounts/{account}", f"{account} {self.sequences[account]}"
        event["sequence"] = f"{self.sequences[account]:020}"
        event["time"] = f"2026-11-{self.random.randint(10, 28)}T11:06:40Z"
        data = event["data"]
        data |= {"account": account, "access": truth["access"]}
        data["orders"] = copy.deepcopy(list(truth["orders"].values()))
        if order:
            data |= {name: value for name, value in order.items() if name in data}
        if kind in (STOP, RESUME):
            truth["serving"][order["entitlement"]] = {
                "position": event["sequence"],
                "stopped": data.get("reason"),
            }
        self.events.append(event)

    def step(self, account):
        truth = self.truth[account]
        live = [order for order in truth["orders"].values() if order["state"] == "ENTITLEMENT_ACTIVE"]
        if truth["closed"]:
            kind = self.random.choice([DELETED, "portico.account.reopened"])
            truth["closed"] = kind == DELETED
            return self.publish(account, kind)
        what = self.random.randrange(7)
        if what == 0:
            truth["closed"] = True
            self.publish(account, "portico.account.closed")
            for order in live:
                self.publish(account, "portico.access.ended", order)
        elif what == 1 or not live:
            order = copy.deepcopy(EVENTS[1]["data"]["orders"][0])
            order["entitlement"] = f"E-{len(truth['orders'])}"  # The same at each account: they must not mix.
            truth["orders"][order["entitlement"]] = order
            self.publish(account, "portico.access.granted", order)
        else:
            self.change(account, self.random.choice(live), what)

    def change(self, account, order, what):
        if what == 2:
            order["state"] = "ENTITLEMENT_CANCELLED"
            self.publish(account, "portico.order.ended", order)
        elif what == 3:
            order["plan"] = f"plan-{self.random.randrange(99)}"
            self.publish(account, "portico.plan.changed", order)
        elif what == 4:
            order["subscription_end"] = f"2027-01-{self.random.randint(10, 28)}T00:00:00Z"
            self.publish(account, "portico.order.changed", order)
        else:
            self.publish(account, STOP if what == 5 else RESUME, order)

    def announce(self):
        """As `operator announce`: the state, and of each order in force whether it is stopped."""
        for account, truth in self.truth.items():
            self.publish(account, "portico.account.state")
            for number, order in truth["orders"].items():
                if order["state"] == "ENTITLEMENT_ACTIVE" and not truth["closed"]:
                    stopped = truth["serving"].get(number, {}).get("stopped")
                    self.publish(account, STOP if stopped else RESUME, order)

    def shuffled_and_doubled(self, events):
        again = [event for event in events if self.random.random() < 0.3]
        return self.random.sample(events + again, len(events) + len(again))


class NewsIsPutInOrder(unittest.TestCase):
    def assert_known(self, store, world, names):
        for account, truth in world.truth.items():
            state = known(store, f"accounts/{account}")
            self.assertEqual({name: state[name] for name in names}, {name: truth[name] for name in names})
            self.assertEqual(state["position"], f"{world.sequences[account]:020}")

    def test_the_examples_end_in_what_the_last_one_says(self):
        state = known(applied(EVENTS))
        self.assertEqual(state["access"], "live")
        self.assertEqual(list(state["orders"].values()), EVENTS[-1]["data"]["orders"])
        self.assertEqual([may_use(state, order) for order in ("E-1", "E-2", "E-3")], [False, True, False])

    def test_shuffled_and_doubled_news_ends_in_the_truth(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                world = World(seed)
                store = applied(world.shuffled_and_doubled(world.events))
                self.assert_known(store, world, ["access", "orders", "serving"])

    def test_lost_news_is_made_up_for_by_an_announcement(self):
        lost = 0
        for seed in SEEDS:
            with self.subTest(seed=seed):
                world = World(seed)
                kept = [event for event in world.events if world.random.random() >= 0.1]
                lost += len(world.events) - len(kept)
                happened = len(world.events)
                world.announce()
                kept += world.events[happened:]
                store = applied(world.shuffled_and_doubled(kept))
                self.assert_known(store, world, ["access", "orders"])
                for account, truth in world.truth.items():
                    state = known(store, f"accounts/{account}")
                    for order in truth["orders"]:
                        self.assertEqual(may_use(state, order), may_use(truth, order))
        self.assertGreater(lost, 500)

    def test_two_accounts_do_not_mix(self):
        other = example(DELETED)
        other |= {"subject": "accounts/A-2", "sequence": "9" * 20}
        other["data"]["account"] = "A-2"
        store = applied([*EVENTS[:2], other, EVENTS[2]])
        self.assertEqual(known(store)["position"], EVENTS[2]["sequence"])
        self.assertEqual((known(store)["access"], known(store, "accounts/A-2")["access"]), ("live", "ended"))

    def test_nothing_that_comes_late_resurrects_a_deleted_account_and_a_reopening_does(self):
        deleted = next(number for number, event in enumerate(EVENTS) if event["type"] == DELETED)
        store = applied([EVENTS[deleted]])
        for late in EVENTS[:deleted]:
            self.assertFalse(apply(store, read(late)))
            self.assertEqual(known(store)["access"], "ended")
        self.assertTrue(apply(store, read(EVENTS[deleted])), "again: an erasure that was interrupted is finished")
        self.assertTrue(apply(store, read(example("portico.account.reopened"))))
        self.assertEqual(known(store)["access"], "live")
        self.assertFalse(apply(store, read(EVENTS[deleted])), "whoever has come back is not erased")

    def test_a_stop_counts_although_newer_news_overtook_it_until_it_is_resumed(self):
        stop, resume = example(STOP), example(RESUME)
        changed = example("portico.order.changed") | {"sequence": resume["sequence"][:-1] + "9"}
        for events, may in [
            ([stop, changed], False),
            ([changed, stop], False),
            ([stop, changed, resume], True),
            ([resume, changed, stop], True),
            ([resume, stop, changed], True),
        ]:
            self.assertEqual(may_use(known(applied(events)), "E-1"), may)

    def test_a_type_and_members_that_are_not_known_are_no_trouble(self):
        event = example("portico.account.state") | {"type": "portico.account.new-type", "new": 1}
        event["data"]["new"] = [1]
        self.assertEqual(known(applied([event]))["access"], "live")


def without_sequence(event, time):
    """As Portico wrote it before: one order, no sequence, and access only with news about an order."""
    event = copy.deepcopy(event) | {"time": time}
    del event["sequence"], event["data"]["orders"]
    if "entitlement" not in event["data"]:
        del event["data"]["access"]
    event["data"].pop("offer", None)
    return event


class NewsFromBefore(unittest.TestCase):
    def setUp(self):
        granted, ended = example("portico.access.granted"), example("portico.access.ended")
        self.granted = without_sequence(granted, "2030-01-01T00:00:00Z")
        self.ended = without_sequence(ended, "2030-01-01T00:00:00.5Z")
        self.ended["data"] |= {"entitlement": "E-1", "state": "ENTITLEMENT_CANCELLED"}
        self.other = without_sequence(EVENTS[8], "2029-01-01T00:00:00Z")
        self.other["data"]["entitlement"] = "E-2"

    def test_without_a_sequence_it_is_older_than_all_with_one(self):
        first = EVENTS[0]
        for events in ([first, self.granted], [self.granted, first], [first, self.ended]):
            state = known(applied(events))
            self.assertEqual((state["position"], state["access"], state["orders"]), (first["sequence"], "pending", {}))

    def test_among_themselves_the_later_time_counts_for_each_order(self):
        for events in ([self.ended, self.granted, self.other], [self.other, self.granted, self.ended]):
            state = known(applied(events))
            self.assertEqual(state["access"], "ended")
            states = {order: it["state"] for order, it in state["orders"].items()}
            self.assertEqual(states, {"E-1": "ENTITLEMENT_CANCELLED", "E-2": "ENTITLEMENT_ACTIVE"})

    def test_a_stop_from_before_keeps_what_is_known_of_the_order(self):
        state = known(applied([self.granted, without_sequence(example(STOP), "2030-01-02T00:00:00Z")]))
        self.assertEqual(state["serving"]["E-1"]["stopped"], "BILLING_DISABLED")
        self.assertIn("subscription_end", state["orders"]["E-1"])

    def test_a_deletion_from_before_ends_the_access(self):
        deleted = without_sequence(example(DELETED), "2031-01-01T00:00:00Z")
        self.assertEqual(known(applied([deleted, self.granted]))["access"], "ended")


class NewsIsStored(unittest.TestCase):
    def test_two_at_once_are_both_applied(self):
        store = MemoryStore()
        first, second = read(example(STOP)), read(EVENTS[-1])
        get = store.get

        def another_writes_between(subject):
            answer = get(subject)
            store.get = get
            apply(store, second)
            return answer

        store.get = another_writes_between
        self.assertFalse(apply(store, first))
        state = known(store)
        self.assertEqual(state["position"], second.sequence)
        self.assertEqual(state["serving"]["E-1"]["stopped"], "BILLING_DISABLED")

    def test_many_at_once_end_in_the_truth(self):
        world, store = World(1), MemoryStore()
        threads = [
            threading.Thread(target=applied, args=(world.shuffled_and_doubled(world.events), store)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        NewsIsPutInOrder().assert_known(store, world, ["access", "orders", "serving"])

    def test_what_is_no_news_is_refused(self):
        event = example("portico.account.state")
        data = event["data"]
        for body in [
            b"",
            b"\xff",
            b"{}",
            b"[]",
            b"1",
            *(
                json.dumps(event | broken).encode()
                for broken in [
                    {"specversion": "0.3"},
                    {"type": 1},
                    {"subject": "accounts/A-2"},
                    {"subject": "A-1"},
                    {"data": None},
                    {"sequence": 7},
                    {"sequence": "7"},
                    {"sequence": "x" * 20},
                    {"sequence": event["sequence"] + "\n"},
                    {"sequence": "٧" * 20},
                    {"data": data | {"access": None}},
                    {"data": data | {"orders": None}},
                    {"data": data | {"orders": [{}]}},
                    {"type": STOP},
                ]
            ),
        ]:
            with self.subTest(body=body), self.assertRaises(Unreadable):
                parse(body)
        self.assertIsInstance(parse(json.dumps(event).encode()), News)


if __name__ == "__main__":
    unittest.main()
