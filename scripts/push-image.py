#!/usr/bin/env python3
"""Pushes an OCI image layout to a registry, by the registry's own HTTP API. Needs nothing but Python.

  push-image.py LAYOUT REGISTRY/REPOSITORY TAG     prints the image's name by digest

The bearer token is read from standard input, so that no list of processes shows it. An empty one is
not sent. Plain HTTP is spoken with registries on localhost only.
"""

import hashlib
import http.client
import json
import pathlib
import sys
import time
import urllib.parse

TIMEOUT = 60
ATTEMPTS = 4
OCTETS = "application/octet-stream"


class Refused(Exception):
    """The registry did not do what it was asked to."""


class Unavailable(Exception):
    """The registry cannot do it now."""


class Registry:
    def __init__(self, host: str, repository: str, token: str) -> None:
        local = host.rsplit(":", 1)[0] in ("localhost", "127.0.0.1")
        self.origin = f"{'http' if local else 'https'}://{host}"
        self.base = f"{self.origin}/v2/{repository}"
        self.token = token

    def push_blob(self, digest: str, content: bytes) -> None:
        status, _ = self.call("HEAD", f"{self.base}/blobs/{digest}", (200, 404))
        if status == 200:
            return
        _, location = self.call("POST", f"{self.base}/blobs/uploads/", (202,), b"")
        _, location = self.call("PATCH", location, (202, 204), content, OCTETS)
        mark = "&" if urllib.parse.urlsplit(location).query else "?"
        self.call("PUT", f"{location}{mark}digest={digest}", (201,), b"", OCTETS)

    def push_manifest(self, reference: str, content: bytes, media_type: str) -> None:
        url = f"{self.base}/manifests/{urllib.parse.quote(reference)}"
        self.call("PUT", url, (201,), content, media_type)

    def call(
        self, method: str, url: str, expected: tuple[int, ...], body: bytes | None = None, media_type: str = ""
    ) -> tuple[int, str]:
        """The status, and where the registry sends us next."""
        target = urllib.parse.urlsplit(url)
        if f"{target.scheme}://{target.netloc}" != self.origin:
            raise Refused(f"{self.origin} sends us to {target.netloc}, which gets no token of ours")
        headers = {"Content-Type": media_type} if media_type else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=TIMEOUT)
        try:
            path = target.path + (f"?{target.query}" if target.query else "")
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            said = answer.read(2000).decode(errors="replace")
            if answer.status not in expected:
                passing = answer.status in (408, 429) or answer.status >= 500
                raise (Unavailable if passing else Refused)(f"{method} {target.path} was answered {answer.status}: {said}")
            return answer.status, urllib.parse.urljoin(url, answer.getheader("Location", url))
        finally:
            connection.close()


def push(layout: pathlib.Path, registry: Registry, tag: str) -> str:
    """Blobs first: a manifest is refused as long as one is missing."""
    digest = json.loads((layout / "index.json").read_bytes())["manifests"][0]["digest"]
    manifest = read_blob(layout, digest)
    described = json.loads(manifest)
    for part in [*described["layers"], described["config"]]:
        registry.push_blob(part["digest"], read_blob(layout, part["digest"]))
    registry.push_manifest(tag, manifest, described["mediaType"])
    return digest


def read_blob(layout: pathlib.Path, digest: str) -> bytes:
    algorithm, value = digest.split(":", 1)
    content = (layout / "blobs" / algorithm / value).read_bytes()
    if algorithm != "sha256" or hashlib.sha256(content).hexdigest() != value:
        raise Refused(f"{layout} is damaged: build it again")
    return content


def main(arguments: list[str]) -> int:
    match arguments:
        case [layout, name, tag] if "/" in name and not layout.startswith("-"):
            host, repository = name.split("/", 1)
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64
    registry = Registry(host, repository, sys.stdin.read().strip())
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # What was pushed already is found by its digest, so beginning again costs nothing.
            print(f"{name}@{push(pathlib.Path(layout), registry, tag)}")
            return 0
        except Refused as refused:
            print(f"failed to push {name}: {refused}", file=sys.stderr)
            return 1
        except (Unavailable, OSError, http.client.HTTPException) as error:
            print(f"attempt {attempt} to push {name} failed: {error}", file=sys.stderr)
            if attempt < ATTEMPTS:
                time.sleep(2**attempt)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
