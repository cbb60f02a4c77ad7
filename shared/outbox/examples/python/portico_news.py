"""Keeps each customer's access right, whether Portico's news arrive twice, in another order, or not at all.

CLOUDEVENTS.md explains each step. Verify first that Pub/Sub pushes the message, or pull it.
"""

import json
import re
import threading
from dataclasses import dataclass

STOP, RESUME = "portico.usage.stop-serving", "portico.usage.resume-serving"
DELETED = "portico.account.deleted"
# States of orders in force. Google may add states: one that is not listed is not in force.
IN_FORCE = {
    "ENTITLEMENT_ACTIVE",
    "ENTITLEMENT_PENDING_CANCELLATION",
    "ENTITLEMENT_PENDING_PLAN_CHANGE",
    "ENTITLEMENT_PENDING_PLAN_CHANGE_APPROVAL",
}
UNKNOWN = {"position": "", "access": "pending", "orders": {}, "serving": {}}


class Unreadable(Exception):
    """This is no news of Portico's. Answer 400, so that the operators of the subscription see it."""


@dataclass(frozen=True)
class News:
    id: str
    type: str
    subject: str
    sequence: str | None
    position: str  # Positions are compared as text, and only within one subject.
    data: dict


def parse(body):
    """Reads a CloudEvent in structured mode: the data of the Pub/Sub message, decoded from base64."""
    try:
        event = json.loads(body)
        texts = [event[name] for name in ("id", "type", "subject", "time")]
        sequence, data = event.get("sequence"), event["data"]
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Unreadable("it is no CloudEvent") from error
    if event.get("specversion") != "1.0" or not all(isinstance(text, str) for text in texts):
        raise Unreadable("it is no CloudEvent 1.0")
    if not isinstance(data, dict) or texts[2] != f"accounts/{data.get('account')}":
        raise Unreadable("it is about no account")
    if texts[1] in (STOP, RESUME) and not isinstance(data.get("entitlement"), str):
        raise Unreadable("it is about no order")
    if sequence is None:
        # From before news had a sequence: "-" sorts before each digit, so it is older than all that have one.
        return News(*texts[:3], None, "-" + texts[3].removesuffix("Z"), data)
    if not isinstance(sequence, str) or not re.fullmatch("[0-9]{20}", sequence):
        raise Unreadable("its sequence is malformed")
    if not isinstance(data.get("access"), str) or not _is_list_of_orders(data.get("orders")):
        raise Unreadable("it does not say where the customer stands")
    return News(*texts[:3], sequence, sequence, data)


def _is_list_of_orders(orders):
    return isinstance(orders, list) and all(
        isinstance(order, dict) and isinstance(order.get("entitlement"), str) for order in orders
    )


def apply(store, news):
    """Stores what the news changes. Whether it is the newest about its account: only then act on its type.

    The newest may come again: what you do about a type must do no harm when it is done twice.
    """
    while True:
        known, version = store.get(news.subject)
        state = after(known or UNKNOWN, news)
        if state == known or store.put(news.subject, state, version):
            return news.position == state["position"]


def after(known, news):
    """What is known of an account once this news has been applied. Changes nothing itself."""
    state = {**known, "orders": dict(known["orders"]), "serving": dict(known["serving"])}
    order = news.data.get("entitlement")
    if news.type in (STOP, RESUME) and news.position > _position(known["serving"], order):
        # Has a position of its own: a later news about something else takes nothing back.
        state["serving"][order] = {"position": news.position, "stopped": _reason(news)}
    if news.sequence is None:
        _apply_old_order(state, known, news)
    if news.position > known["position"]:
        state["position"] = news.position
        state["access"] = news.data.get("access", "ended" if news.type == DELETED else known["access"])
        if news.sequence is not None:
            state["orders"] = {order["entitlement"]: order for order in news.data["orders"]}
    return state


def _reason(news):
    return news.data.get("reason", "unknown") if news.type == STOP else None


def _apply_old_order(state, known, news):
    """News without a sequence describes one order at most, and only until there is news with one."""
    order = news.data.get("entitlement")
    if order and known["position"][:1] in ("", "-") and news.position > _position(known["orders"], order):
        named = {name: value for name, value in news.data.items() if name not in ("account", "access", "reason")}
        state["orders"][order] = {**known["orders"].get(order, {}), **named, "position": news.position}


def _position(kept, order):
    return kept.get(order, {}).get("position", "")


def may_use(state, order):
    """Whether the customer may use this order now."""
    in_force = state["orders"].get(order, {}).get("state") in IN_FORCE
    stopped = state["serving"].get(order, {}).get("stopped") is not None
    return state["access"] == "live" and in_force and not stopped


class MemoryStore:
    """What is known of each account. An application keeps it in its database, one row for each subject.

    `put` must compare and write in one step: UPDATE … SET …, version = version + 1 WHERE subject = ? AND version = ?
    """

    def __init__(self):
        self._rows, self._lock = {}, threading.Lock()

    def get(self, subject):
        """The state and its version; None and 0 before the first."""
        with self._lock:
            return self._rows.get(subject, (None, 0))

    def put(self, subject, state, version):
        """Writes, unless somebody else has written since this version. Whether it did."""
        with self._lock:
            if self._rows.get(subject, (None, 0))[1] != version:
                return False
            self._rows[subject] = (state, version + 1)
            return True
