//! What is stored of a login: one commit.

use customer_entry::Entry;
use jiff::{SignedDuration, Timestamp};
use store::{Account, Commit, Document, Link, Stored};

/// How exact `last_seen` is. A link that says the same as a moment ago is not written again, so that
/// a user's logins at the same time do not wait for each other.
const LAST_SEEN_EXACT_TO: SignedDuration = SignedDuration::from_mins(1);

/// The link as last seen and the completed session; only if nobody has closed or refused the account
/// since it was read. The hand-off is added to it.
pub(crate) fn login_commit(
    entry: &Entry,
    account: &Stored<Account>,
    link: Option<&Stored<Link>>,
    now: Timestamp,
) -> Commit {
    let document = Document::account(entry.account());
    let commit = Commit::new().unchanged(document, &account.version);
    let commit = with_link(entry, commit, link, now);
    entry.complete_session(commit, now)
}

fn with_link(
    entry: &Entry,
    commit: Commit,
    stored: Option<&Stored<Link>>,
    now: Timestamp,
) -> Commit {
    let customer = entry.customer();
    let Some(stored) = stored else {
        return commit.create(Link {
            account: customer.account().clone(),
            user: entry.user().clone(),
            profile: std::collections::BTreeMap::new(),
            roles: customer.roles().to_vec(),
            orders: customer.orders().to_vec(),
            first_seen: now,
            last_seen: now,
        });
    };
    let before = &stored.record;
    let same = before.roles == customer.roles() && before.orders == customer.orders();
    if same && now.duration_since(before.last_seen) < LAST_SEEN_EXACT_TO {
        return commit;
    }
    let link = Link {
        roles: customer.roles().to_vec(),
        orders: customer.orders().to_vec(),
        last_seen: now,
        ..before.clone()
    };
    commit.replace(link, &stored.version)
}
