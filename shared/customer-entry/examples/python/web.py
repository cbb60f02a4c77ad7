"""Forms, cookies and pages over HTTP: what a framework of yours does for you."""

import re
import traceback
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FORM_LIMIT = 32 * 1024  # A hand-off with 256 orders has about 20 KiB.
PUSH_LIMIT = 1024 * 1024


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer. `routes` has a function of it for each method and path."""

    timeout = 10  # Seconds for a client to send its request.
    routes = {}

    def do_GET(self):
        route = self.routes.get(f"{self.command} {urlsplit(self.path).path}")
        try:
            return route(self) if route else self.page(404, "There is nothing here")
        except Exception:
            traceback.print_exc()
            return self.page(500, "Something went wrong")

    do_POST = do_GET

    def form(self):
        """The fields that the form has exactly once; none if the body is not a small form."""
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return {}
        body = self.body(FORM_LIMIT)
        try:
            fields = parse_qs((body or b"").decode("ascii", "replace"), max_num_fields=20)
        except ValueError:
            return {}
        return {name: values[0] for name, values in fields.items() if len(values) == 1}

    def body(self, limit):
        """The body, or None if it is larger or does not say its length."""
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,8}", length) or int(length) > limit:
            return None
        return self.rfile.read(int(length))

    def cookie(self, name):
        try:
            morsel = SimpleCookie(self.headers.get("Cookie", "")).get(f"__Host-{name}")
        except CookieError:
            return None
        return morsel.value if morsel else None

    def redirect(self, address, headers=()):
        self.answer(303, [("Location", address), *headers], "")

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


def serve(port):
    server = Server(("127.0.0.1", port), Exchange)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
