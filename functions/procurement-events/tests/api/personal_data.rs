//! What is stored of the people of a closed account.

use jiff::{SignedDuration, Timestamp};
use marketplace::{ProcurementAccountId, TokenFingerprint};
use marketplace_simulator::Order;
use store::{
    Approval, Closed, ClosedBecause, Commit, JournalEntry, JournalKind, Purpose, Session, SessionId,
};
use verification::{CustomerParts, VerifiedCustomer};

use crate::function::{TestFunction, soon};
use crate::results::types;

/// The type of the news that personal data was erased.
pub(crate) const ERASED: &str = "portico.account.deleted";

#[expect(
    clippy::disallowed_methods,
    reason = "nothing here is about how a customer is verified"
)]
fn session(order: &Order) -> Session {
    let now = Timestamp::now();
    let expires_at = now + SignedDuration::from_mins(5);
    Session {
        id: SessionId::random(),
        handle: "h1".to_owned(),
        purpose: Purpose::Login,
        customer: VerifiedCustomer::restore(CustomerParts {
            account: order.account.clone(),
            user: Some(order.user.clone()),
            roles: Vec::new(),
            orders: Vec::new(),
            fingerprint: TokenFingerprint::parse(&"7".repeat(64)).unwrap(),
            issued_at: now,
            expires_at,
        }),
        created: now,
        expires: expires_at,
        completed: None,
        sign_in: None,
    }
}

impl TestFunction {
    /// The account was closed at this time, and Google does not have it any more.
    pub(crate) async fn closed_since(&self, id: &ProcurementAccountId, at: Timestamp) {
        self.lose(id.as_str());
        self.list_nothing();
        self.change_account(id, |account| {
            account.approval = Approval::None;
            account.closed = Some(Closed {
                at,
                because: ClosedBecause::Absent,
            });
        })
        .await;
    }

    /// Beside the buyer's link: a session of theirs, and what an operator typed about them.
    pub(crate) async fn leave_personal_data(&self, order: &Order) {
        let kind = JournalKind::MessageShown;
        let line = JournalEntry::of_account(&order.account, kind, Timestamp::now());
        let commit = line.add_to(Commit::new(), Some("Ada asked by telephone"));
        let commit = commit.put(session(order));
        self.store.commit(commit, soon()).await.unwrap();
    }

    /// How many links, sessions and typed texts are stored of an account.
    pub(crate) async fn personal_data(&self, id: &ProcurementAccountId) -> (usize, usize, usize) {
        let links = self.store.links_of(id, soon()).await.unwrap();
        let sessions = self.store.sessions_of(id, soon()).await.unwrap();
        let texts = self.store.journal_texts_of(id, soon()).await.unwrap();
        (links.len(), sessions.len(), texts.len())
    }

    pub(crate) async fn is_erased(&self, id: &ProcurementAccountId) -> bool {
        let erased = self.account(id).await.unwrap().erased.is_some();
        assert_eq!(self.changes_of(id, ERASED), usize::from(erased));
        assert_eq!(self.personal_data(id).await.0 == 0, erased);
        erased
    }

    fn changes_of(&self, id: &ProcurementAccountId, kind: &str) -> usize {
        let told = self.told(id);
        types(&told)
            .into_iter()
            .filter(|told| *told == kind)
            .count()
    }
}
