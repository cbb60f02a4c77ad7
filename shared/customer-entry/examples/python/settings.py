"""What the application reads from its environment. `scripts/dev.sh --app ADDRESS` prints all of it."""

import os
import sys

REQUIRED = {
    "HAND_OFF_ISSUER": "https://www.googleapis.com/service_accounts/v1/metadata/x509/HAND_OFF_SIGNER",
    "APPLICATION_ORIGIN": "where customers find this application, such as https://app.example.com",
    "PORTICO_PUSH_IDENTITY": "e-mail of the service account that the subscription pushes as",
    "PORTICO_PUSH_AUDIENCE": "the audience that the subscription is configured with",
    "PORTICO_URL": "where Portico's functions are",
}

missing = [f"{name} ({meaning})" for name, meaning in REQUIRED.items() if not os.environ.get(name)]
if missing:
    print(f"not set: {'; '.join(missing)}", file=sys.stderr)
    sys.exit(64)

ISSUER = os.environ["HAND_OFF_ISSUER"]
ORIGIN = os.environ["APPLICATION_ORIGIN"]
PUSH_IDENTITY = os.environ["PORTICO_PUSH_IDENTITY"]
PUSH_AUDIENCE = os.environ["PORTICO_PUSH_AUDIENCE"]
# Deployed, each function is a service with an address of its own. Here the address is the audience, too.
USAGE_URL = os.environ.get("PORTICO_USAGE_URL", os.environ["PORTICO_URL"])
LINKS_URL = os.environ.get("PORTICO_LINKS_URL", os.environ["PORTICO_URL"])
# Other addresses only in tests and locally.
KEYS_URL = os.environ.get("HAND_OFF_KEYS_URL", ISSUER)
PUSH_KEYS_URL = os.environ.get("PORTICO_PUSH_KEYS_URL", "https://www.googleapis.com/oauth2/v1/certs")
PORT = int(os.environ.get("PORT", "3000"))
