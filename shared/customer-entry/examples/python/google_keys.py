"""Public keys that Google publishes: those of one service account, or those of its identity tokens."""

import json
import re
import sys
import threading
import time
import urllib.request

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

COOL_DOWN = 10  # Seconds; otherwise whoever posts invented key ids makes us hammer Google.
STALE = 24 * 3600  # Seconds for which known keys are used while the key address is down.


class Refused(Exception):
    """The token is bad. The reason is for the log, not for whoever sent it."""


class KeysUnavailable(Exception):
    """The token could not be checked. Nothing is wrong with it."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Keys:
    """Public keys, only ever from the one address given here."""

    def __init__(self, url):
        self.url, self.keys, self.reachable = url, {}, False
        self.fresh_until = self.next_fetch = 0.0
        self.lock = threading.Lock()

    def key_of(self, token):
        """The key that this token says it is signed with. Nothing of the token is verified yet."""
        unverified_kid = jwt.get_unverified_header(token).get("kid")
        if not unverified_kid:
            raise Refused("no key id")
        return self.key(unverified_kid)

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
                published = json.loads(answer.read(64 * 1024))
                max_age = re.search(r"max-age=(\d+)", answer.headers.get("Cache-Control", ""))
                age = int(answer.headers.get("Age", 0))
            self.keys = {
                kid: key
                for kid, key in public_keys(published).items()
                if isinstance(key, RSAPublicKey) and key.key_size >= 2048
            }
            lifetime = int(max_age[1]) - age if max_age else 0
            self.fresh_until = now + min(max(lifetime, 60), 6 * 3600)
            self.reachable = True
        except Exception as error:  # An address that answers nonsense is as good as one that is down.
            print(f"keys of {self.url}: {error!r}", file=sys.stderr)
            self.next_fetch, self.reachable = now + COOL_DOWN, False


def public_keys(published):
    """Google publishes the same keys in two forms: a JWK set, and a certificate for each key id."""
    if "keys" in published:
        return {jwk["kid"]: jwt.PyJWK(jwk).key for jwk in published["keys"]}
    # The certificates are self-signed: they only carry the key, trust comes from TLS to Google.
    return {kid: load_pem_x509_certificate(pem.encode()).public_key() for kid, pem in published.items()}
