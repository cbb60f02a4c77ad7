"""Receives Portico's news: a push of Pub/Sub's, with a CloudEvent in it.

`portico_news.py` puts news in order; CLOUDEVENTS.md explains each step.
"""

import base64
import json

import jwt
import portico_news  # Lies beside this file in an application of your own.

from google_keys import Refused
from storage import read, write

CLOCK_SKEW = 30
GOOGLE = ["https://accounts.google.com", "accounts.google.com"]

write("CREATE TABLE customers (subject TEXT PRIMARY KEY, state TEXT, version INTEGER)")


def verify_push(authorization, identity, audience, keys):
    """Whether the subscription pushes; raises `Refused` or `KeysUnavailable` if not. Anybody can post here."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("no identity token")
    try:
        caller = jwt.decode(
            token,
            keys.key_of(token),
            algorithms=["RS256"],
            issuer=GOOGLE,
            audience=audience,
            leeway=CLOCK_SKEW,
            options={"require": ["iss", "aud", "exp"], "strict_aud": True},
        )
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise Refused(type(error).__name__) from error
    # Google signs identity tokens for everybody: the address says whose it is.
    if caller.get("email") != identity or caller.get("email_verified") is not True:
        raise Refused("another identity")


def parse_push(body):
    """The news in the wrapper of a push; raises `portico_news.Unreadable`."""
    try:
        data = base64.b64decode(json.loads(body)["message"]["data"], validate=True)
    except (ValueError, TypeError, LookupError) as error:
        raise portico_news.Unreadable("it is no push of Pub/Sub's") from error
    return portico_news.parse(data)


class Customers:
    """A row for each subject, as `portico_news.apply` wants it: `put` compares and writes in one step."""

    def get(self, subject):
        for state, version in read("SELECT state, version FROM customers WHERE subject = ?", subject):
            return json.loads(state), version
        return None, 0

    def put(self, subject, state, version):
        text = json.dumps(state)
        if version == 0:
            return write("INSERT OR IGNORE INTO customers VALUES (?, ?, 1)", subject, text) == 1
        update = "UPDATE customers SET state = ?, version = version + 1 WHERE subject = ? AND version = ?"
        return write(update, text, subject, version) == 1


customers = Customers()


def apply(news, erase):
    """Stores the news, and erases the customer that it says is gone."""
    is_newest = portico_news.apply(customers, news)
    if is_newest and news.type == portico_news.DELETED:
        erase(news.data["account"])  # The row stays: without it, older news would bring the customer back.


def known(account):
    """What the news say of this customer, or None if there was none yet."""
    return customers.get(f"accounts/{account}")[0]


def served_orders(account):
    """The orders that the customer may use now."""
    state = known(account) or portico_news.UNKNOWN
    return [order for number, order in state["orders"].items() if portico_news.may_use(state, number)]
