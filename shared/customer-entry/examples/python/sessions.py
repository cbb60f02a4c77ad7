"""Who is signed in at which browser, and who has just arrived.

Your session store: a browser has a random id in a cookie, and everything else is here.
"""

import secrets
import time

from hand_off import remember, user_key

PENDING_LIFETIME = 300  # Seconds.

# Session id -> claims, and pending id -> (time, claims).
sessions, pending = {}, {}


def wait(claims):
    """Keeps a hand-off that was consumed until the browser comes with its own cookies."""
    now = time.monotonic()
    for old in [key for key, (since, _) in list(pending.items()) if since + PENDING_LIFETIME < now]:
        pending.pop(old, None)
    pending_id = secrets.token_urlsafe(32)
    pending[pending_id] = (now, claims)
    return pending_id


def waiting(pending_id):
    since, claims = pending.get(pending_id, (0, None))
    return claims if time.monotonic() < since + PENDING_LIFETIME else None


def is_somebody_else(session_id, claims):
    present = sessions.get(session_id)
    return present is not None and user_key(present) != user_key(claims)


def begin(claims, session_id, pending_id):
    """Always a new session id, so that one planted before cannot become the customer's."""
    pending.pop(pending_id, None)
    sessions.pop(session_id, None)
    remember(claims)
    new_id = secrets.token_urlsafe(32)
    sessions[new_id] = claims
    return new_id


def end(account):
    """All sessions of a customer that is no more."""
    for known in (sessions, pending):
        for key, value in list(known.items()):
            claims = value[1] if known is pending else value
            if claims["sub"] == account:
                known.pop(key, None)
