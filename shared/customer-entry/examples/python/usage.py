"""Meters what customers use: each use is stored first, and then recorded with Portico as often as it takes.

usage-report's README says what Portico answers.
"""

import re
import secrets
import sys
from datetime import datetime, timezone

import news
import portico
from settings import USAGE_URL
from storage import read, write

# What is metered of each plan, as declared in Producer Portal.
METRICS = {"usage-plan": ["usage_queries", "usage_gib_scanned"]}
MOST = 500  # Records of one request; Portico takes 10,000.

# What counts is the primary key: a use that is pressed twice is one. A real application deletes a record when it
# is settled, and keeps its own figures elsewhere.
write(
    "CREATE TABLE uses (key TEXT PRIMARY KEY, account TEXT, entitlement TEXT, metric TEXT, quantity INTEGER,"
    " occurred_at TEXT, answer TEXT, sent INTEGER DEFAULT 0)"
)


def metered(account):
    """Order and metric of all that the customer may use now and that is billed by usage."""
    orders = news.served_orders(account)
    return [(order["entitlement"], metric) for order in orders for metric in METRICS.get(order["plan"], [])]


def new_key():
    """For one press of a button. It is the same however often that is sent, here and to Portico."""
    return secrets.token_urlsafe(16)


def use(account, form):
    """Does for the customer what the form asks for; whether it may."""
    entitlement, metric, quantity, key = (form.get(name, "") for name in ("order", "metric", "quantity", "key"))
    if (entitlement, metric) not in metered(account):
        return False
    if not re.fullmatch(r"[0-9]{1,9}", quantity) or not re.fullmatch(r"[\w-]{22}", key, re.ASCII):
        return False
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    is_new = write(
        "INSERT OR IGNORE INTO uses (key, account, entitlement, metric, quantity, occurred_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        *(key, account, entitlement, metric, int(quantity), now),
    )
    if is_new:
        print(f"The work is done here: {quantity} of {metric}.", file=sys.stderr)
    send("account = ? AND answer IS NULL", account)
    return True


def send_again(account):
    """Sends everything once more, as after a crash that left nobody knowing. Nothing counts twice."""
    send("account = ?", account)


def send(which, account):
    """A real application also does this by itself, until all is answered: each minute, and when it starts."""
    columns = "key, entitlement, metric, quantity, occurred_at"
    rows = read(f"SELECT {columns} FROM uses WHERE {which} LIMIT {MOST}", account)
    records = [
        dict(zip(("idempotency_key", "entitlement", "metric", "quantity", "occurred_at"), row)) for row in rows
    ]
    if not records:
        return
    _, answer = portico.post(USAGE_URL, "/usage", {"records": records})
    write(f"UPDATE uses SET sent = sent + 1 WHERE key IN ({','.join('?' * len(rows))})", *(row[0] for row in rows))
    for record in answer.get("records", []):
        if record["status"] != "retry":  # What has no answer is sent again, unchanged.
            said = " ".join(filter(None, (record["status"], record.get("code"), record.get("message"))))
            key = record["idempotency_key"]
            write("UPDATE uses SET answer = ? WHERE key = ? AND account = ?", said, key, account)


def used(account):
    """Metric, quantity, answer and how often it was sent, the last use first."""
    columns = "metric, quantity, answer, sent"
    return read(f"SELECT {columns} FROM uses WHERE account = ? ORDER BY rowid DESC LIMIT 20", account)


def forget(account):
    """Of a customer that is no more."""
    write("DELETE FROM uses WHERE account = ?", account)
