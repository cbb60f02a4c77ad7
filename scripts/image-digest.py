#!/usr/bin/env python3
"""Prints the digest of an image that everybody may read. Needs nothing but Python.

  image-digest.py REGISTRY/REPOSITORY TAG     such as registry-1.docker.io/library/rust 1.95.0-bookworm

The digest is computed from what the registry sends, for all of the image's platforms. Plain HTTP is spoken with
registries on localhost only.
"""

import hashlib
import http.client
import json
import re
import sys
import urllib.parse

TIMEOUT = 30
# A list of platforms has some kilobytes.
LARGEST = 1024 * 1024
ACCEPTED = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"


class Refused(Exception):
    """There is no digest."""


def ask(url: str, headers: dict[str, str]) -> tuple[int, http.client.HTTPMessage, bytes]:
    target = urllib.parse.urlsplit(url)
    local = target.hostname in ("localhost", "127.0.0.1")
    if target.scheme != "https" and not (local and target.scheme == "http"):
        raise Refused(f"{url} is no https address")
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.netloc, timeout=TIMEOUT)
    try:
        connection.request("GET", target.path + (f"?{target.query}" if target.query else ""), headers=headers)
        answer = connection.getresponse()
        body = answer.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise Refused(f"{url} was answered with more than {LARGEST} bytes")
        return answer.status, answer.headers, body
    finally:
        connection.close()


def token(challenge: str) -> str:
    """What a registry asks for even of those who may only read, as its `WWW-Authenticate` says where."""
    fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    if not challenge.lower().startswith("bearer ") or "realm" not in fields:
        raise Refused("the registry lets nobody read without an account")
    query = urllib.parse.urlencode({name: fields[name] for name in ("service", "scope") if name in fields})
    status, _, body = ask(f"{fields['realm']}?{query}", {})
    given = json.loads(body) if status == 200 else {}
    found = given.get("token") or given.get("access_token")
    if not found:
        raise Refused(f"no token for reading was given: {fields['realm']} answered {status}")
    return found


def digest(host: str, repository: str, tag: str) -> str:
    local = host.rsplit(":", 1)[0] in ("localhost", "127.0.0.1")
    url = f"{'http' if local else 'https'}://{host}/v2/{repository}/manifests/{urllib.parse.quote(tag)}"
    headers = {"Accept": ACCEPTED}
    status, answered, body = ask(url, headers)
    if status == 401:
        headers["Authorization"] = f"Bearer {token(answered.get('WWW-Authenticate', ''))}"
        status, answered, body = ask(url, headers)
    if status != 200:
        raise Refused(f"{url} was answered {status}")
    if "manifests" not in json.loads(body):
        raise Refused(f"{url} is no list of platforms")
    computed = f"sha256:{hashlib.sha256(body).hexdigest()}"
    if answered.get("Docker-Content-Digest", computed) != computed:
        raise Refused(f"{url} was answered with other bytes than its digest says")
    return computed


def main(arguments: list[str]) -> int:
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case [name, tag] if "/" in name and not name.startswith("-"):
            host, repository = name.split("/", 1)
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64
    try:
        print(digest(host, repository, tag))
    except (Refused, OSError, ValueError, http.client.HTTPException) as error:
        print(f"{name}:{tag} has no digest here: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
