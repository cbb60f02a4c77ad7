"""Cloud Logging's query language, as far as Terraform's filters use it: comparisons, AND, OR, parentheses."""

import re
from typing import NamedTuple

TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\(|\)|=~|>=|<=|!=|=|<|>|[^\s()=<>!"]+)')


class Comparison(NamedTuple):
    path: str
    operator: str
    value: object


class Every(NamedTuple):
    """All of these hold."""

    parts: tuple


class Either(NamedTuple):
    """At least one of these holds."""

    parts: tuple


def parse(text: str):
    tokens = TOKEN.findall(text)
    assert "".join(tokens) == re.sub(r'\s+(?=(?:[^"]*"[^"]*")*[^"]*$)', "", text), text
    parsed, rest = _either(tokens)
    assert not rest, rest
    return parsed


def _either(tokens: list[str]):
    return _joined(tokens, "OR", _every, Either)


def _every(tokens: list[str]):
    return _joined(tokens, "AND", _one, Every)


def _joined(tokens: list[str], word: str, part, kind):
    first, tokens = part(tokens)
    parts = [first]
    while tokens and tokens[0] == word:
        more, tokens = part(tokens[1:])
        parts.append(more)
    return (first if len(parts) == 1 else kind(tuple(parts))), tokens


def _one(tokens: list[str]):
    if tokens[0] == "(":
        inner, rest = _either(tokens[1:])
        assert rest[0] == ")", rest
        return inner, rest[1:]
    path, operator, value, *rest = tokens
    if value != "(":
        return Comparison(path, operator, _value(value)), rest
    # A field that is one of several values.
    end = rest.index(")")
    values = [_value(token) for token in rest[:end] if token != "OR"]
    return Either(tuple(Comparison(path, operator, one) for one in values)), rest[end + 1 :]


def _value(token: str):
    return token[1:-1].replace('\\"', '"') if token.startswith('"') else float(token) if "." in token else int(token)


def alternatives(filter_) -> list[Comparison]:
    """Every comparison in it."""
    if isinstance(filter_, Comparison):
        return [filter_]
    return [one for part in filter_.parts for one in alternatives(part)]


def matches(filter_, entry: dict) -> bool:
    match filter_:
        case Every(parts):
            return all(matches(part, entry) for part in parts)
        case Either(parts):
            return any(matches(part, entry) for part in parts)
        case Comparison(path, operator, value):
            for name in path.split("."):
                entry = entry.get(name) if isinstance(entry, dict) else None
            return entry is not None and _holds(entry, operator, value)


def _holds(found, operator: str, value) -> bool:
    if operator == "=~":
        return isinstance(found, str) and re.search(value, found) is not None
    if isinstance(value, str) or isinstance(found, str):
        found, value = str(found).lower(), str(value).lower()
    compared = {"=": found == value, "!=": found != value, ">=": found >= value, "<=": found <= value, "<": found < value, ">": found > value}
    return compared[operator]
