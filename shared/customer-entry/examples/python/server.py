"""An application that receives customers from Portico at `POST /signup` and signs them in.

    HAND_OFF_ISSUER=https://www.googleapis.com/service_accounts/v1/metadata/x509/SIGNER_EMAIL \
    APPLICATION_ORIGIN=https://app.example.com PORT=8080 python server.py

It stands behind whatever terminates TLS, and shows what it learned.
"""

import html
import json
import os
import re
import secrets
import sys
import time
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from hand_off import Keys, KeysUnavailable, Refused, consume, remember, user_key, verify_hand_off

# Your session store: session id -> claims, and pending id -> (time, claims).
sessions, pending = {}, {}
PENDING_LIFETIME = 300

ISSUER = os.environ["HAND_OFF_ISSUER"]
ORIGIN = os.environ["APPLICATION_ORIGIN"]
KEYS = Keys(os.environ.get("HAND_OFF_KEYS_URL", ISSUER))  # Another address only in tests.


class Application(BaseHTTPRequestHandler):
    timeout = 10  # Seconds for a client to send its request.

    def do_POST(self):
        if self.path == "/signup":
            return self.receive(self.form())
        if self.path == "/welcome":
            return self.decide(self.form())
        return self.page(404, "There is nothing here")

    def do_GET(self):
        if self.path == "/welcome":
            return self.welcome()
        if self.path == "/":
            return self.home()
        return self.page(404, "There is nothing here")

    def receive(self, form):
        """The cross-site post. The customer's SameSite=Lax session cookie is NOT in this request, so
        nobody is signed in here: the hand-off waits under a cookie of its own, and the redirect below,
        a GET, brings the session cookie."""
        tokens = (form or {}).get("portico-token", [])
        if len(tokens) != 1:
            return self.page(400, "Please start again from the Marketplace")
        try:
            claims = verify_hand_off(tokens[0], ISSUER, ORIGIN, KEYS)
        except Refused as reason:
            print(f"hand-off refused: {reason}", file=sys.stderr)
            return self.page(403, "Please start again from the Marketplace")
        except KeysUnavailable:
            return self.page(503, "Please try again in a moment", [("Retry-After", "10")])
        if not consume(claims):
            # Back button, double click, or theft: whoever is signed in goes on by this link.
            return self.page(409, "This was used already", body='<a href="/">Continue</a>')
        now = time.monotonic()
        for old in [key for key, (since, _) in list(pending.items()) if since + PENDING_LIFETIME < now]:
            pending.pop(old, None)
        pending_id = secrets.token_urlsafe(32)
        pending[pending_id] = (now, claims)
        return self.redirect("/welcome", [cookie("pending", pending_id, PENDING_LIFETIME)])

    def welcome(self):
        """Signs the customer in, unless somebody else is signed in at this browser."""
        claims = self.pending_claims()
        if claims is None:
            return self.redirect("/")
        present = sessions.get(self.cookie("session"))
        if present and user_key(present) != user_key(claims):
            return self.page(
                200,
                "You are signed in as somebody else",
                body='<form method="post"><button name="answer" value="switch">Sign out and switch'
                f" to account {html.escape(claims['sub'])}</button>"
                '<button name="answer" value="stay">Stay</button></form>',
            )
        return self.sign_in(claims)

    def decide(self, form):
        if self.headers.get("Origin") != ORIGIN:  # The usual CSRF check; only /signup goes without.
            return self.page(403, "Please start again from the Marketplace")
        claims = self.pending_claims()
        if claims and form and form.get("answer") == ["switch"]:
            return self.sign_in(claims)
        pending.pop(self.cookie("pending"), None)
        return self.redirect("/", [cookie("pending", "", 0)])

    def sign_in(self, claims):
        """Always a new session id, so that one planted before cannot become the customer's."""
        pending.pop(self.cookie("pending"), None)
        sessions.pop(self.cookie("session"), None)
        remember(claims)
        session_id = secrets.token_urlsafe(32)
        sessions[session_id] = claims
        return self.redirect("/", [cookie("session", session_id), cookie("pending", "", 0)])

    def home(self):
        claims = sessions.get(self.cookie("session"))
        if claims is None:
            return self.page(200, "You are not signed in")
        learned = {**claims, **claims["google"]}
        rows = [
            f"<dt>{html.escape(name)}<dd>{html.escape(json.dumps(value, ensure_ascii=False))}"
            for name, value in learned.items()
            if name not in ("iss", "aud", "jti", "iat", "exp", "google")
        ]
        return self.page(200, "Welcome", body=f"<dl>{''.join(rows)}</dl>")

    def form(self):
        """The form's fields, or None if the body is not a small form."""
        length = self.headers.get("Content-Length", "")
        media_type = self.headers.get_content_type()
        if media_type != "application/x-www-form-urlencoded" or not re.fullmatch(r"\d{1,5}", length):
            return None
        if int(length) > 32 * 1024:  # A hand-off with 256 orders has about 20 KiB.
            return None
        body = self.rfile.read(int(length)).decode("ascii", "replace")
        try:
            return parse_qs(body, max_num_fields=20)
        except ValueError:
            return None

    def pending_claims(self):
        since, claims = pending.get(self.cookie("pending"), (0, None))
        return claims if time.monotonic() < since + PENDING_LIFETIME else None

    def cookie(self, name):
        try:
            morsel = SimpleCookie(self.headers.get("Cookie", "")).get(f"__Host-{name}")
        except CookieError:
            return None
        return morsel.value if morsel else None

    def redirect(self, path, headers=()):
        self.answer(303, [("Location", path), *headers], "")

    def page(self, status, title, headers=(), body=""):
        text = f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1>{body}'
        self.answer(status, headers, text)

    def answer(self, status, headers, text):
        self.send_response(status)
        for name, value in [
            *headers,
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(text.encode()))),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'"),
            ("Referrer-Policy", "strict-origin"),
        ]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Nothing: a request line of a real application may carry more than a log should."""


def cookie(name, value, max_age=None):
    """`__Host-` needs Secure, Path=/ and no Domain; browsers accept it on http://localhost, too."""
    age = "" if max_age is None else f"; Max-Age={max_age}"
    return "Set-Cookie", f"__Host-{name}={value}; Path=/; HttpOnly; Secure; SameSite=Lax{age}"


class Server(ThreadingHTTPServer):
    request_queue_size = 64  # The default of 5 turns a small crowd away.


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Application)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
