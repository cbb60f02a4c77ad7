//! The sign-up of an account that is not approved yet: recorded, approved at Google, handed off.
//!
//! Intent is stored before Google is called and the outcome after, so that what is cut off is
//! finished by the next visit.

use std::time::Duration;

use approval::{Fetched, SignUpVerdict, newest, with_approval, with_entitlements};
use customer_entry::{EntryFault, HandOff, RefusedAccount, Seen, access, new_record};
use function_runtime::Response;
use marketplace::At;
use store::{Account, Approval, Commit, CommitError, Landing, Stored};

use crate::handler::Handler;
use crate::registration::Registration;
use crate::sign_up_fault::SignUpFault;

/// How long a customer waits at most for the application to be notified of their sign-up.
const PUBLISHING: Duration = Duration::from_secs(1);

impl Handler {
    /// Records the customer, approves the account at Google, records that, and hands the customer off.
    pub(crate) async fn approve_account(
        &self,
        registration: &Registration,
        landing: &Landing,
        at: At,
    ) -> Result<Response, SignUpFault> {
        if !registration.is_recorded(landing) {
            let commit = registration.commit(landing, self.outbox.notify(), at.now);
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
        let approved = self.approvals.approve_account(id, &fetched, at.deadline);
        if approved.await? == SignUpVerdict::Rejected {
            let rejected = with_approval(account, Approval::Rejected, at.now);
            let commit = Commit::new().replace(&rejected, &account.version);
            let committed = self.store.commit(commit, at.deadline).await;
            committed.map_err(commit_failed)?;
            return Err(RefusedAccount::Rejected.into());
        }
        self.hand_off_new(registration, account, &landing, &fetched, at)
            .await
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
        account: &Stored<Account>,
        landing: &Landing,
        fetched: &Fetched,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let entry = &registration.entry;
        let products = self.approvals.products();
        let record = new_record(entry.customer(), Seen::FirstTime, None, at.now);
        let record = record.map_err(EntryFault::Random)?;
        let known = newest(&fetched.entitlements, &landing.entitlements);
        let hand_off = HandOff {
            entry,
            record: &record,
            access: access(known.iter().copied(), products),
            unverified_profile: &registration.profile(landing),
        };
        let token = self.entrance.sign(&hand_off, at.deadline).await;
        let approved = with_approval(account, Approval::Approved, at.now);
        let commit = Commit::new().replace(&approved, &account.version);
        let notify = self.outbox.notify();
        let commit = with_entitlements(commit, fetched, &landing.entitlements, products, notify);
        // Approval does not wait for the signature: without it the token stays unspent.
        let commit = match token {
            Ok(_) => commit.create(&record),
            Err(_) => commit,
        };
        let committed = self.store.commit(commit, at.deadline).await;
        committed.map_err(commit_failed)?;
        self.approve_held(entry, &fetched.entitlements, at).await;
        // The application is notified now if that is quick, else with the next event.
        let soon = at.deadline.at_most(PUBLISHING);
        self.outbox.drain_if_possible(soon).await;
        Ok(self
            .entrance
            .hand_off_page(entry, &record, &token?, "signed-up"))
    }
}

/// Once the sign-up is recorded, what fails is completed later.
fn not_approved_yet(error: impl std::error::Error + Send + Sync + 'static) -> SignUpFault {
    SignUpFault::NotApprovedYet(Box::new(error))
}

fn commit_failed(error: CommitError) -> SignUpFault {
    match error {
        CommitError::Conflict => EntryFault::Contended.into(),
        CommitError::Unavailable(error) => not_approved_yet(error),
    }
}
