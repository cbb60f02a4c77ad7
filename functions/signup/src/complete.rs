//! From a customer who has passed every step to the hand-off.
//!
//! Intent is stored before Google is called and the outcome after, so that whatever is cut off is
//! finished by the next visit. The hand-off is signed before it is recorded: a token whose hand-off
//! could not be signed is not spent.

use std::time::Duration;

use approval::{Fetched, Verdict, newest, with_approval, with_entitlements};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use customer_entry::{Answering, Entrant, LandingError, PersonAtBrowser, Seen};
use function_runtime::Response;
use google_calls::Causes;
use store::{Account, Approval, Commit, Entitlement, HandOffRecord, Landing, Stored};

use crate::decide::{Next, next};
use crate::error::Kind;
use crate::hand_over::new_hand_off;
use crate::handler::Handler;
use crate::records::Passed;
use marketplace::At;

/// How long a customer waits at most for the application to be told of his sign-up.
const PUBLISHING: Duration = Duration::from_secs(1);

impl Handler {
    /// Takes a customer through what is left to do, and through it again from what is stored then
    /// when another request was faster. `landing` is what was read already, if anything.
    pub(crate) async fn complete(
        &self,
        passed: Passed,
        landing: Option<Landing>,
        at: At,
    ) -> Result<Response, Kind> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(5))
            .with_max_delay(Duration::from_millis(200))
            .with_max_times(8)
            .with_jitter()
            .build();
        let mut landing = match landing {
            Some(landing) => landing,
            None => self.look(&passed, at).await?,
        };
        // Decided now: a repeat finds the link that the first round recorded.
        let seen = match landing.link {
            Some(_) => Seen::Before,
            None => Seen::FirstTime,
        };
        loop {
            match self.advance(&passed, (&landing, seen), at).await {
                Err(Kind::Contended) => {
                    let Some(pause) = pauses.next() else {
                        return Err(Kind::Contended);
                    };
                    tokio::time::sleep(pause).await;
                    landing = self.look(&passed, at).await?;
                }
                done => return done,
            }
        }
    }

    pub(crate) async fn look(&self, passed: &Passed, at: At) -> Result<Landing, Kind> {
        Ok(self.store.landing(passed.entrant.customer(), at).await?)
    }

    async fn advance(
        &self,
        passed: &Passed,
        (landing, seen): (&Landing, Seen),
        at: At,
    ) -> Result<Response, Kind> {
        match next(landing, &passed.entrant, at.now) {
            Next::Rejected => Err(Kind::AccountRejected),
            Next::Deleted => Err(Kind::AccountDeleted),
            Next::Spent => Ok(self.as_nobody(passed)),
            // Whatever led here: without the proof nothing of what follows may happen.
            _ if self.sign_in.is_some() && passed.person() == PersonAtBrowser::Unproven => {
                Err(LandingError::Over.into())
            }
            Next::HandOverAgain(record) => self.hand_over_again(passed, landing, &record, at).await,
            Next::HandOver => self.hand_over(passed, (landing, seen), at).await,
            Next::Approve => self.approve(passed, landing, at).await,
        }
    }

    /// A repeat tells the application what it was told before, from what is stored.
    async fn hand_over_again(
        &self,
        passed: &Passed,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<Response, Kind> {
        let as_stored = Passed {
            profile: None,
            ..passed.clone()
        };
        let token = self.sign(&as_stored, landing, record, at).await?;
        self.approve_waiting(passed, landing, at).await;
        Ok(self.page(passed, record, &token, "handed-over-again"))
    }

    /// The account is approved: one commit, and entitlements that a crash left waiting.
    async fn hand_over(
        &self,
        passed: &Passed,
        (landing, seen): (&Landing, Seen),
        at: At,
    ) -> Result<Response, Kind> {
        let record = new_hand_off(passed, seen, at)?;
        let token = self.sign(passed, landing, &record, at).await?;
        let commit = passed.record_handed_over(landing, &record, at.now);
        self.store.commit(commit, at.deadline).await?;
        self.approve_waiting(passed, landing, at).await;
        Ok(self.page(passed, &record, &token, "handed-over"))
    }

    /// The account is not approved: record, approve at Google, record that, hand over.
    async fn approve(&self, passed: &Passed, landing: &Landing, at: At) -> Result<Response, Kind> {
        if !passed.is_recorded(landing) {
            let commit = passed.record(landing, self.outbox.notify(), at.now);
            self.store.commit(commit, at.deadline).await?;
        }
        let id = passed.account();
        let (landing, fetched) = tokio::join!(
            Box::pin(self.look_after_account(passed, at)),
            self.approvals.fetch(id, at.deadline),
        );
        let (landing, fetched) = (landing?, fetched?);
        let Some(account) = &landing.account else {
            return Err(Kind::Contended);
        };
        if account.record.approval != Approval::Approving || landing.replay.is_some() {
            // Another request has decided meanwhile; what it stored says what follows.
            return Err(Kind::Contended);
        }
        if self
            .approvals
            .approve_account(id, &fetched, at.deadline)
            .await?
            == Verdict::Rejected
        {
            let rejected = with_approval(account, Approval::Rejected, at.now);
            let commit = Commit::new().replace(&rejected, &account.version);
            self.store
                .commit(commit, at.deadline)
                .await
                .map_err(recorded)?;
            return Err(Kind::AccountRejected);
        }
        self.settle(passed, (&landing, &fetched), at).await
    }

    /// All of a landing, none of it older than its account: what is read beside an account may be
    /// older than it, and then nothing would notice when it is committed under that version.
    async fn look_after_account(&self, passed: &Passed, at: At) -> Result<Landing, Kind> {
        let account = self.store.account(passed.account(), at.deadline);
        let account = account.await.map_err(completing)?;
        let customer = passed.entrant.customer();
        let landing = self.store.landing(customer, at);
        let landing = landing.await.map_err(completing)?;
        let version = |account: Option<Stored<Account>>| account.map(|stored| stored.version);
        if version(account) == version(landing.account.clone()) {
            Ok(landing)
        } else {
            Err(Kind::Contended)
        }
    }

    /// Google has approved: store that, with what was bought and the hand-off.
    async fn settle(
        &self,
        passed: &Passed,
        (landing, fetched): (&Landing, &Fetched),
        at: At,
    ) -> Result<Response, Kind> {
        let Some(account) = &landing.account else {
            return Err(Kind::Contended);
        };
        let record = new_hand_off(passed, Seen::FirstTime, at)?;
        let known = newest(&fetched.entitlements, &landing.entitlements);
        let token = self.sign_for(passed, landing, (&record, &known), at).await;
        let approved = with_approval(account, Approval::Approved, at.now);
        let commit = Commit::new().replace(&approved, &account.version);
        let products = self.approvals.products();
        let notify = self.outbox.notify();
        let commit = with_entitlements(commit, fetched, &landing.entitlements, products, notify);
        // Approval does not wait for the signature: without it the token stays unspent.
        let commit = if token.is_ok() {
            commit.create(&record)
        } else {
            commit
        };
        self.store
            .commit(commit, at.deadline)
            .await
            .map_err(recorded)?;
        self.approve_held(passed, &fetched.entitlements, at).await;
        // The application hears of it now if that is quick, else with the next event.
        let soon = at.deadline.at_most(PUBLISHING);
        self.outbox.drain_if_possible(soon).await;
        Ok(self.page(passed, &record, &token?, "signed-up"))
    }

    /// Entitlements that wait although their account is approved: an earlier visit was cut off.
    async fn approve_waiting(&self, passed: &Passed, landing: &Landing, at: At) {
        let mut stored = landing.entitlements.iter();
        if stored.any(|stored| stored.record.waits_for_approval()) {
            self.approve_held(passed, &[], at).await;
        }
    }

    /// A purchase that cannot be approved now is approved later; the customer need not wait for it.
    async fn approve_held(&self, passed: &Passed, fetched: &[Entitlement], at: At) {
        let account = passed.account();
        if let Err(error) = self
            .approvals
            .approve_held(account, fetched, at.deadline)
            .await
        {
            tracing::warn!(
                account_id = %account,
                error = %Causes(&error),
                "entitlements wait for their approval"
            );
        }
    }
}

impl From<Entrant> for Passed {
    fn from(entrant: Entrant) -> Self {
        Self {
            entrant,
            profile: None,
            session: None,
            answering: Answering::Navigation,
        }
    }
}

/// Once the sign-up is recorded, whatever fails is completed later.
fn completing(error: impl std::error::Error + Send + Sync + 'static) -> Kind {
    Kind::Completing(Box::new(error))
}

fn recorded(error: store::CommitError) -> Kind {
    match error {
        store::CommitError::Conflict => Kind::Contended,
        store::CommitError::Unavailable(error) => completing(error),
    }
}
