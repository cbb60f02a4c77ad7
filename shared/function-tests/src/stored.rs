//! What a function that customers visit has stored, and how tests make time pass for it.

use jiff::{SignedDuration, Timestamp};
use marketplace::{ProcurementAccountId, TokenFingerprint};
use store::{Account, Commit, HandOffRecord, Record, Session, SessionId, Stored};
use verification::{CustomerParts, VerifiedCustomer};

use crate::browser::Browser;
use crate::customer_function::CustomerFunction;
use crate::visited::{VisitedFunction, request_now, soon};

impl VisitedFunction {
    /// Stores this, and nobody is in the way.
    pub async fn stored(&self, commit: Commit) {
        self.store.commit(commit, soon()).await.unwrap();
    }

    /// Stores this record otherwise than it was read.
    pub async fn change<T>(&self, stored: Stored<T>, change: impl FnOnce(&mut T))
    where
        for<'a> &'a T: Into<Record>,
    {
        let Stored {
            mut record,
            version,
        } = stored;
        change(&mut record);
        self.stored(Commit::new().replace(&record, &version)).await;
    }

    /// Stores this account otherwise than it was.
    pub async fn change_account(
        &self,
        id: &ProcurementAccountId,
        change: impl FnOnce(&mut Account),
    ) {
        let stored = self.store.account(id, soon()).await.unwrap();
        self.change(stored.unwrap(), change).await;
    }

    /// The hand-off that this token was used for.
    pub async fn replay(&self, token: &str) -> Option<Stored<HandOffRecord>> {
        let found = self.store.replay(fingerprint(token), request_now());
        found.await.unwrap()
    }

    /// Hand-offs live for a minute: the record of this one is made as old as it would be then.
    pub async fn let_hand_off_expire(&self, token: &str) {
        let stored = self.replay(token).await.unwrap();
        let minute = SignedDuration::from_secs(60);
        let age = |hand_off: &mut HandOffRecord| {
            hand_off.issued -= minute;
            hand_off.expires -= minute;
        };
        self.change(stored, age).await;
    }
}

impl<F: CustomerFunction> Browser<F> {
    /// The secret of this landing's session, from the cookie.
    pub fn session_id(&self, landing: &str) -> SessionId {
        let function = self.function().landing.trim_start_matches('/');
        let name = format!("__Host-{function}-{landing}");
        SessionId::parse(&self.cookies()[&name]).unwrap()
    }

    /// The session of this landing, unless it is over.
    pub async fn session(&self, landing: &str) -> Option<Stored<Session>> {
        let id = self.session_id(landing);
        let store = &self.function().store;
        store.session(&id, request_now()).await.unwrap()
    }

    /// The session of this landing is over.
    pub async fn let_session_expire(&self, landing: &str) {
        let expire = |session: &mut Session| session.expires = Timestamp::now();
        self.change_session(landing, expire).await;
    }

    /// The session of this landing is twenty minutes old: its token has expired, the session has not.
    pub async fn let_token_expire(&self, landing: &str) {
        let ago = Timestamp::now() - SignedDuration::from_mins(20);
        #[expect(
            clippy::disallowed_methods,
            reason = "a session of twenty minutes ago, without waiting for it"
        )]
        let of_then = |customer: &VerifiedCustomer| {
            VerifiedCustomer::restore(CustomerParts {
                issued_at: ago,
                expires_at: ago + SignedDuration::from_mins(5),
                ..customer.parts()
            })
        };
        let age = |session: &mut Session| {
            session.customer = of_then(&session.customer);
            session.created = ago;
            session.expires = ago + SignedDuration::from_mins(30);
        };
        self.change_session(landing, age).await;
    }

    /// Stores the session of this landing otherwise: so tests make time pass.
    pub async fn change_session(&self, landing: &str, change: impl FnOnce(&mut Session)) {
        let session = self.session(landing).await.unwrap();
        self.function().change(session, change).await;
    }
}

/// What names a token.
pub fn fingerprint(token: &str) -> TokenFingerprint {
    let (input, _) = token.rsplit_once('.').unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, input.as_bytes());
    TokenFingerprint::new(digest.as_ref().try_into().unwrap())
}
