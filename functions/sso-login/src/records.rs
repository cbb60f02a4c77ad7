//! What is stored of a login: one commit.

use customer_entry::{Answering, Entrant};
use jiff::{SignedDuration, Timestamp};
use marketplace::ProcurementAccountId;
use store::{Account, Commit, Document, HandOffRecord, Landing, Link, Session, Stored};

/// How exact `last_seen` is. A link that says the same as a moment ago is not written again, so that
/// a user's logins at the same time do not wait for each other.
const LAST_SEEN_EXACT_TO: SignedDuration = SignedDuration::from_mins(1);

/// A customer with an accepted role, in one request.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// Who it is.
    pub(crate) entrant: Entrant,
    /// The session of this landing, if it has one.
    pub(crate) session: Option<Stored<Session>>,
    /// What the customer is answered to.
    pub(crate) answering: Answering,
    /// What the customer has said about orders.
    pub(crate) wish: Wish,
}

/// What a customer has said about orders.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing: the customer was not asked.
    Unasked,
    /// This, in the form, or nothing there.
    Unverified(Option<String>),
}

impl Visit {
    /// The account the customer acts for.
    pub(crate) fn account(&self) -> &ProcurementAccountId {
        self.entrant.customer().account()
    }

    /// The session, open or completed.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_ref().map(|session| &session.record)
    }

    /// The link as last seen, the hand-off, and the completed session; only if nobody has deleted
    /// or refused the account since it was read.
    pub(crate) fn record(
        &self,
        (landing, account): (&Landing, &Stored<Account>),
        hand_off: &HandOffRecord,
        now: Timestamp,
    ) -> Commit {
        let document = Document::account(self.account());
        let commit = Commit::new()
            .unchanged(document, &account.version)
            .create(hand_off);
        let commit = self.with_link(commit, landing.link.as_ref(), now);
        self.with_completed_session(commit, now)
    }

    fn with_link(&self, commit: Commit, stored: Option<&Stored<Link>>, now: Timestamp) -> Commit {
        let customer = self.entrant.customer();
        let Some(stored) = stored else {
            return commit.create(Link {
                account: customer.account().clone(),
                user: self.entrant.user().clone(),
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

    fn with_completed_session(&self, commit: Commit, now: Timestamp) -> Commit {
        let open = self.session.as_ref();
        let open = open.filter(|session| session.record.completed.is_none());
        let Some(session) = open else {
            return commit;
        };
        let completed = Session {
            completed: Some(now),
            ..session.record.clone()
        };
        commit.replace(completed, &session.version)
    }
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unasked => "Unasked",
            Self::Unverified(_) => "Unverified(…)",
        })
    }
}
