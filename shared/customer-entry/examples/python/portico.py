"""Calls Portico as this application, with an identity token of its own.

In Google Cloud the library gets it from the metadata server, and no key is stored; GCE_METADATA_HOST names another one.
(`google.oauth2.id_token.fetch_id_token` would also read a key file, but finds another metadata server by
GCE_METADATA_IP alone.)
"""

import sys
import threading

from google.auth.compute_engine import IDTokenCredentials
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request
from requests import RequestException

TIMEOUT = 10  # Seconds; longer than Portico takes at most.

credentials, one_at_a_time = {}, threading.Lock()


def post(url, path, body):
    """Status and JSON of the answer, or None and {} if there was none."""
    try:
        with one_at_a_time:
            if url not in credentials:
                credentials[url] = IDTokenCredentials(Request(), url, use_metadata_identity_endpoint=True)
            # It asks for the next token when this one is about to expire.
            session = AuthorizedSession(credentials[url], refresh_timeout=TIMEOUT)
        with session:
            answer = session.post(f"{url}{path}", json=body, timeout=TIMEOUT, allow_redirects=False)
            return answer.status_code, answer.json()
    except (GoogleAuthError, RequestException, ValueError) as error:
        print(f"Portico: {error!r}", file=sys.stderr)
        return None, {}
