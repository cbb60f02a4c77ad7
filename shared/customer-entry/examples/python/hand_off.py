"""Verifies the hand-off by which Portico brings a customer, and consumes it.

`server.py` shows where it goes in an application; HAND-OFF.md explains each step.
"""

import json
import re
import sqlite3
import sys
import threading
import time
import urllib.request

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

CLOCK_SKEW = 30  # Seconds; two clocks may differ, a hand-off does not live longer for it.
LIFETIME = 60  # Seconds between `iat` and `exp` of a hand-off.
COOL_DOWN = 10  # Seconds; otherwise whoever posts invented key ids makes us hammer Google.
STALE = 24 * 3600  # Seconds for which known keys are used while the key address is down.


class Refused(Exception):
    """The hand-off is bad. The reason is for the log, not for the browser."""


class KeysUnavailable(Exception):
    """The hand-off could not be checked. Nothing is wrong with it."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Keys:
    """The signer's public keys, only ever from the one address given here."""

    def __init__(self, url):
        self.url, self.keys, self.reachable = url, {}, False
        self.fresh_until = self.next_fetch = 0.0
        self.lock = threading.Lock()

    def key(self, kid):
        with self.lock:  # One fetch at a time, whoever waits for it.
            now = time.monotonic()
            expired = now >= self.fresh_until
            if (expired or kid not in self.keys) and now >= self.next_fetch:
                if not expired:
                    self.next_fetch = now + COOL_DOWN
                self._fetch(now)
            if kid in self.keys and now < self.fresh_until + STALE:
                return self.keys[kid]
            if not self.reachable:
                raise KeysUnavailable
            raise Refused("unknown key id")

    def _fetch(self, now):
        try:
            with urllib.request.build_opener(NoRedirect).open(self.url, timeout=5) as answer:
                certificates = json.loads(answer.read(64 * 1024))
                max_age = re.search(r"max-age=(\d+)", answer.headers.get("Cache-Control", ""))
                age = int(answer.headers.get("Age", 0))
            # The certificates are self-signed: they only carry the key, trust comes from TLS to Google.
            keys = {
                kid: load_pem_x509_certificate(pem.encode()).public_key()
                for kid, pem in certificates.items()
            }
            self.keys = {
                kid: key
                for kid, key in keys.items()
                if isinstance(key, RSAPublicKey) and key.key_size >= 2048
            }
            lifetime = int(max_age[1]) - age if max_age else 0
            self.fresh_until = now + min(max(lifetime, 60), 6 * 3600)
            self.reachable = True
        except Exception as error:  # An address that answers nonsense is as good as one that is down.
            print(f"hand-off keys: {error!r}", file=sys.stderr)
            self.next_fetch, self.reachable = now + COOL_DOWN, False


def verify_hand_off(token, issuer, audience, keys):
    """The claims of a good hand-off; raises `Refused` or `KeysUnavailable`. Does not consume it."""
    try:
        unverified_kid = jwt.get_unverified_header(token).get("kid")
        if not unverified_kid:
            raise Refused("no key id")
        key = keys.key(unverified_kid)
        claims = jwt.decode(
            token,
            key,
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


# Your database. What counts is the primary key (or unique index): of two requests with one `jti`, on
# however many instances, one inserts it. "Select, then insert" would let both through.
database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
# Only because all threads share this one connection, and with it the row count of "the last statement".
one_statement = threading.Lock()
database.execute("CREATE TABLE used_hand_offs (jti TEXT PRIMARY KEY, expires REAL)")
database.execute(
    "CREATE TABLE users (account TEXT, user_identity TEXT, PRIMARY KEY (account, user_identity))"
)


def consume(claims):
    """True for the first request that brings this hand-off, false for every other."""
    with one_statement:
        database.execute("DELETE FROM used_hand_offs WHERE expires < ?", (time.time(),))
        inserted = database.execute(
            "INSERT OR IGNORE INTO used_hand_offs VALUES (?, ?)",
            (claims["jti"], claims["exp"] + CLOCK_SKEW),
        )
        return inserted.rowcount == 1


def user_key(claims):
    """Account and user together; an e-mail address would be somebody's word."""
    return claims["sub"], claims["google"]["user_identity"]


def remember(claims):
    """Makes the user, or finds the one that is there."""
    with one_statement:
        database.execute("INSERT OR IGNORE INTO users VALUES (?, ?)", user_key(claims))
