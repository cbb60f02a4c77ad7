"""Verifies the hand-off by which Portico brings a customer, and consumes it.

`server.py` shows where it goes in an application; HAND-OFF.md explains each step.
"""

import time

import jwt

from google_keys import Refused
from storage import write

CLOCK_SKEW = 30  # Seconds; two clocks may differ, a hand-off does not live longer for it.
LIFETIME = 60  # Seconds between `iat` and `exp` of a hand-off.

# What counts is the primary key (or unique index): of two requests with one `jti`, on however many instances,
# one inserts it. "Select, then insert" would let both through.
write("CREATE TABLE used_hand_offs (jti TEXT PRIMARY KEY, expires REAL)")
write("CREATE TABLE users (account TEXT, user_identity TEXT, PRIMARY KEY (account, user_identity))")


def verify_hand_off(token, issuer, audience, keys):
    """The claims of a good hand-off; raises `Refused` or `KeysUnavailable`. Does not consume it."""
    try:
        claims = jwt.decode(
            token,
            keys.key_of(token),
            algorithms=["RS256"],  # Never what the token's header asks for.
            issuer=issuer,
            audience=audience,
            leeway=CLOCK_SKEW,
            options={"require": ["iss", "aud", "sub", "jti", "iat", "exp"], "strict_aud": True},
        )
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise Refused(type(error).__name__) from error
    google = claims.get("google")
    user = google.get("user_identity") if isinstance(google, dict) else None
    if not (claims["sub"] and claims["jti"] and user and isinstance(user, str)):
        raise Refused("empty sub, jti or user_identity")
    if claims["exp"] - claims["iat"] > LIFETIME:
        raise Refused("lives too long")
    return claims


def consume(claims):
    """True for the first request that brings this hand-off, false for every other."""
    write("DELETE FROM used_hand_offs WHERE expires < ?", time.time())
    used = claims["jti"], claims["exp"] + CLOCK_SKEW
    return write("INSERT OR IGNORE INTO used_hand_offs VALUES (?, ?)", *used) == 1


def user_key(claims):
    """Account and user together; an e-mail address would be somebody's word."""
    return claims["sub"], claims["google"]["user_identity"]


def remember(claims):
    """Makes the user, or finds the one that is there."""
    write("INSERT OR IGNORE INTO users VALUES (?, ?)", *user_key(claims))


def forget(account):
    """Of a customer that is no more."""
    write("DELETE FROM users WHERE account = ?", account)
