//! The sign-up of an account that is not approved yet: recorded, approved at Google, handed off.
//!
//! Intent is stored before Google is called and the outcome after, so that what is cut off is
//! finished by the next visit.

use std::time::Duration;

use approval::{ApprovalError, Fetched, FetchedCommit, SignUpVerdict, with_approval};
use customer_entry::{EntryFault, RefusedAccount, Seen};
use function_runtime::Response;
use marketplace::{At, ProcurementAccountId};
use store::{Account, Approval, Commit, CommitError, Landing, Stored};

use crate::handler::Handler;
use crate::prepared_hand_off::{FetchedAccount, PreparedHandOff};
use crate::registration::Registration;
use crate::sign_up_fault::{SignUpFault, not_approved_yet};
use crate::unclear_approval::report_unclear;

/// How long a customer waits at most for the application to be notified of their sign-up.
const PUBLISHING: Duration = Duration::from_secs(1);

/// Why an account is not approved.
enum NotApproved {
    /// An operator refused it.
    Rejected,
    /// It could not be finished now.
    Failed(ApprovalError),
}

impl Handler {
    /// Records the customer, approves the account at Google, records that, and hands the customer off.
    pub(crate) async fn approve_account(
        &self,
        registration: &Registration,
        landing: &Landing,
        seen: Seen,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let owner = self.approvals.ownership().owner();
        if !registration.is_recorded(landing, owner, at.now) {
            let commit = registration.commit(landing, owner, at.now);
            self.store.commit(commit, at.deadline).await?;
        }
        let id = registration.entry.account();
        let (landing, fetched) = tokio::join!(
            Box::pin(self.read_after_account(registration, at)),
            self.approvals.fetch(id, at.deadline),
        );
        let (landing, fetched) = (landing?, fetched?);
        let account = landing.account.as_ref().ok_or(EntryFault::Contended)?;
        if account.record.approval != Approval::Approving || landing.replay.is_some() {
            // Another request has decided meanwhile; what it stored says what follows.
            return Err(EntryFault::Contended.into());
        }
        let known = FetchedAccount {
            account,
            landing: &landing,
            fetched: &fetched,
        };
        let preparing = Box::pin(self.prepare(registration, known, seen, at));
        // Side by side. What is prepared is dropped if Google does not approve.
        let done = tokio::try_join!(self.approve_at_google(id, &fetched, at), async {
            Ok::<_, NotApproved>(preparing.await)
        });
        match done {
            Ok(((), prepared)) => {
                Box::pin(self.hand_off_new(registration, known, prepared?, at)).await
            }
            Err(NotApproved::Rejected) => self.refuse(account, at).await,
            Err(NotApproved::Failed(error)) => {
                report_unclear(id, &error);
                Err(error.into())
            }
        }
    }

    async fn approve_at_google(
        &self,
        id: &ProcurementAccountId,
        fetched: &Fetched,
        at: At,
    ) -> Result<(), NotApproved> {
        let approved = self.approvals.approve_account(id, fetched, at.deadline);
        match approved.await {
            Ok(SignUpVerdict::Approved) => Ok(()),
            Ok(SignUpVerdict::Rejected) => Err(NotApproved::Rejected),
            Err(error) => Err(NotApproved::Failed(error)),
        }
    }

    /// Google says that an operator refused: stores that.
    async fn refuse(&self, account: &Stored<Account>, at: At) -> Result<Response, SignUpFault> {
        let rejected = with_approval(account, Approval::Rejected, at.now);
        let commit = Commit::new().replace(&rejected, &account.version);
        let committed = self.store.commit(commit, at.deadline).await;
        committed.map_err(commit_failed)?;
        Err(RefusedAccount::Rejected.into())
    }

    /// All of a landing, none of it older than its account: what is read beside an account may be
    /// older than it, and then nothing would notice when it is committed under that version.
    async fn read_after_account(
        &self,
        registration: &Registration,
        at: At,
    ) -> Result<Landing, SignUpFault> {
        let entry = &registration.entry;
        let account = self.store.account(entry.account(), at.deadline).await;
        let account = account.map_err(not_approved_yet)?;
        let landing = self.entrance.read(entry, at).await;
        let landing = landing.map_err(not_approved_yet)?;
        let version = |account: Option<Stored<Account>>| account.map(|stored| stored.version);
        if version(account) == version(landing.account.clone()) {
            Ok(landing)
        } else {
            Err(EntryFault::Contended.into())
        }
    }

    /// Google has approved: stores that, with what was bought and the hand-off.
    async fn hand_off_new(
        &self,
        registration: &Registration,
        known: FetchedAccount<'_>,
        prepared: PreparedHandOff,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let entry = &registration.entry;
        let listed = &known.fetched.entitlements;
        let PreparedHandOff {
            approved,
            orders,
            record,
            token,
        } = prepared;
        let commit = FetchedCommit {
            known: known.account,
            account: approved,
            fetched: listed,
            stored: &orders.own,
            elsewhere: &orders.elsewhere,
        };
        let commit = commit.add_to(Commit::new(), self.outbox.notify(), at.now);
        let commit = match token {
            Ok(_) => commit.create(&record),
            Err(_) => commit,
        };
        let committed = self.store.commit(commit, at.deadline).await;
        committed.map_err(commit_failed)?;
        self.approve_held(entry, listed, at).await;
        // The application is notified now if that is quick, else with the next event.
        let soon = at.deadline.at_most(PUBLISHING);
        self.outbox.drain_if_possible(soon).await;
        Ok(self
            .entrance
            .hand_off_page(entry, &record, &token?, "signed-up"))
    }
}

fn commit_failed(error: CommitError) -> SignUpFault {
    match error {
        CommitError::Conflict => EntryFault::Contended.into(),
        CommitError::Unavailable(error) => not_approved_yet(error),
    }
}
