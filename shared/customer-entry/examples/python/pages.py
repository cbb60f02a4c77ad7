"""What the customer sees. Everything that comes from elsewhere is escaped."""

import html
import json

import news
import usage
from portico_news import may_use


def home(claims):
    """What the application knows of who is signed in, and what they can do."""
    account = claims["sub"]
    state = news.known(account)
    parts = [learned({**claims, **claims["google"]})]
    if state:
        parts.append(f"<h2>Access: {html.escape(state['access'])}</h2>{orders(state)}")
    if state["access"] == "live" if state else claims["access"] == "live":
        parts.append('<p><a href="/grant">Grant access to your projects</a></p>')
    return "".join(parts) + uses(account)


def learned(claims):
    rows = [
        f"<dt>{html.escape(name)}<dd>{html.escape(json.dumps(value, ensure_ascii=False))}"
        for name, value in claims.items()
        if name not in ("iss", "aud", "jti", "iat", "exp", "google")
    ]
    return f"<dl>{''.join(rows)}</dl>"


def orders(state):
    rows = []
    for number, order in state["orders"].items():
        stopped = (state["serving"].get(number) or {}).get("stopped")
        serves = "yes" if may_use(state, number) else f"no, {stopped}" if stopped else "no"
        cells = [number, order.get("plan") or "", order.get("state") or "", serves]
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells))
    heads = "".join(f"<th>{head}</th>" for head in ("Order", "Plan", "State", "Served"))
    return f"<table><tr>{heads}{''.join(rows)}</table>"


def uses(account):
    """A form for each metric, and what was used so far."""
    forms = [
        f'<form method="post" action="/use"><input type="hidden" name="order" value="{html.escape(order)}">'
        f'<input type="hidden" name="metric" value="{metric}">'
        f'<input type="hidden" name="key" value="{usage.new_key()}">'
        f'<label>{metric} <input name="quantity" value="1" inputmode="numeric"></label> <button>Use</button></form>'
        for order, metric in usage.metered(account)
    ]
    rows = [
        f"<li>{html.escape(metric)} {quantity}: {html.escape(answer or 'kept, not answered yet')}, sent {sent} times"
        for metric, quantity, answer, sent in usage.used(account)
    ]
    again = '<form method="post" action="/use-again"><button>Send all again</button></form>' if rows else ""
    return f"{''.join(forms)}<ul>{''.join(rows)}</ul>{again}"


def switch(claims):
    return (
        '<form method="post"><button name="answer" value="switch">Sign out and switch to account '
        f'{html.escape(claims["sub"])}</button><button name="answer" value="stay">Stay</button></form>'
    )


def problem(answer):
    """What Portico says instead of a link."""
    return f"<p>{html.escape(str(answer.get('code', '')))}: {html.escape(str(answer.get('detail', '')))}</p>"
