"""An application that customers of the Marketplace use, as Portico brings and describes them.

    POST /signup, /login   receives a customer; GET /welcome signs them in
    POST /events           receives Portico's news
    POST /use              meters what the customer uses
    GET /grant, /granted   leads to Google's page and back

It stands behind whatever terminates TLS, and shows what it learned. `settings.py` names what it reads.
"""

import sys

import hand_off
import links
import news
import pages
import sessions
import usage
from google_keys import Keys, KeysUnavailable, Refused
from portico_news import Unreadable
from settings import ISSUER, KEYS_URL, ORIGIN, PORT, PUSH_AUDIENCE, PUSH_IDENTITY, PUSH_KEYS_URL
from web import PUSH_LIMIT, Exchange, cookie, serve

KEYS, PUSH_KEYS = Keys(KEYS_URL), Keys(PUSH_KEYS_URL)
RETRY = [("Retry-After", "10")]
START_AGAIN = "Please start again from the Marketplace"


def receive(http):
    """The cross-site post. The customer's SameSite=Lax session cookie is NOT in this request, so nobody is
    signed in here: the hand-off waits under a cookie of its own, and the redirect below, a GET, brings the
    session cookie."""
    token = http.form().get("portico-token")
    if not token:
        return http.page(400, START_AGAIN)
    try:
        claims = hand_off.verify_hand_off(token, ISSUER, ORIGIN, KEYS)
    except Refused as reason:
        print(f"hand-off refused: {reason}", file=sys.stderr)
        return http.page(403, START_AGAIN)
    except KeysUnavailable:
        return http.page(503, "Please try again in a moment", RETRY)
    if not hand_off.consume(claims):
        # Back button, double click, or theft: whoever is signed in goes on by this link.
        return http.page(409, "This was used already", body='<a href="/">Continue</a>')
    return http.redirect("/welcome", [cookie("pending", sessions.wait(claims), sessions.PENDING_LIFETIME)])


def welcome(http):
    """Signs the customer in, unless somebody else is signed in at this browser."""
    claims = sessions.waiting(http.cookie("pending"))
    if claims is None:
        return http.redirect("/")
    if sessions.is_somebody_else(http.cookie("session"), claims):
        return http.page(200, "You are signed in as somebody else", body=pages.switch(claims))
    return sign_in(http, claims)


def decide(http):
    if not is_from_here(http):
        return http.page(403, START_AGAIN)
    claims = sessions.waiting(http.cookie("pending"))
    if claims and http.form().get("answer") == "switch":
        return sign_in(http, claims)
    sessions.pending.pop(http.cookie("pending"), None)
    return http.redirect("/", [cookie("pending", "", 0)])


def sign_in(http, claims):
    session_id = sessions.begin(claims, http.cookie("session"), http.cookie("pending"))
    return http.redirect("/", [cookie("session", session_id), cookie("pending", "", 0)])


def is_from_here(http):
    """The usual CSRF check; only /signup and /login go without, and /events, where no browser comes."""
    return http.headers.get("Origin") == ORIGIN


def home(http):
    claims = sessions.sessions.get(http.cookie("session"))
    if claims is None:
        return http.page(200, "You are not signed in")
    return http.page(200, "Welcome", body=pages.home(claims))


def events(http):
    """Answers 200 when the news is stored: anything else brings it again."""
    try:
        news.verify_push(http.headers.get("Authorization"), PUSH_IDENTITY, PUSH_AUDIENCE, PUSH_KEYS)
        news.apply(news.parse_push(http.body(PUSH_LIMIT) or b""), erase)
    except Refused as reason:
        print(f"push refused: {reason}", file=sys.stderr)
        return http.answer(401, [], "")
    except KeysUnavailable:
        return http.answer(503, RETRY, "")
    except Unreadable as reason:
        print(f"unreadable news: {reason}", file=sys.stderr)
        return http.answer(400, [], "")
    return http.answer(200, [], "")


def erase(account):
    """Portico has erased what it knows of this customer's people. It may say so twice."""
    sessions.end(account)
    hand_off.forget(account)
    usage.forget(account)


def meter(http):
    claims = sessions.sessions.get(http.cookie("session"))
    if claims is None or not is_from_here(http):
        return http.page(403, START_AGAIN)
    if http.path == "/use-again":
        usage.send_again(claims["sub"])
    elif not usage.use(claims["sub"], http.form()):
        return http.page(409, "This cannot be used now")
    return http.redirect("/")


def grant(http):
    """Better asked when the page with the button is shown: Google may not know a new account for a minute."""
    claims = sessions.sessions.get(http.cookie("session"))
    if claims is None:
        return http.page(403, START_AGAIN)
    status, answer = links.grant_access_link(claims)
    if status == 200:
        return http.redirect(answer["url"])
    if status in (None, 503):
        return http.page(503, "Please try again in a moment", RETRY, pages.problem(answer))
    return http.page(409, "There is no link now", body=pages.problem(answer))


def granted(http):
    return http.page(200, "You are back from Google", body='<a href="/">Continue</a>')


Exchange.routes = {
    "POST /signup": receive,
    "POST /login": receive,
    "GET /signup": home,
    "GET /login": home,
    "GET /welcome": welcome,
    "POST /welcome": decide,
    "GET /": home,
    "POST /events": events,
    "POST /use": meter,
    "POST /use-again": meter,
    "GET /grant": grant,
    "GET /granted": granted,
}

if __name__ == "__main__":
    serve(PORT)
