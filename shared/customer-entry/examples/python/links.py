"""Gets a link to the page of Google's on which the customer grants this application access to their projects.

service-account-link's README says what Portico answers.
"""

import portico
from hand_off import user_key
from settings import LINKS_URL, ORIGIN


def grant_access_link(claims):
    """Status and answer: `url` and `service_account`, or a problem document with `code` and `detail`.

    `claims` are those of the session on this server, and nothing that the browser sends: otherwise a customer could
    name another one.
    """
    account, user = user_key(claims)
    body = {"account": account, "user": user, "redirect": f"{ORIGIN}/granted"}
    return portico.post(LINKS_URL, "/service-account-links", body)
