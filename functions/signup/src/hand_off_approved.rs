//! The hand-off of a customer whose account is approved.
//!
//! It is signed before it is recorded: a token whose hand-off could not be signed is not spent.

use customer_entry::{Entry, EntryFault, HandOff, Seen, access, new_record};
use function_runtime::Response;
use marketplace::At;
use store::{HandOffRecord, Landing};

use crate::handler::Handler;
use crate::registration::Registration;
use crate::sign_up_fault::SignUpFault;

impl Handler {
    /// A repeat gives the application the same claims as before, from what is stored.
    pub(crate) async fn hand_off_again(
        &self,
        entry: &Entry,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let as_stored = Registration::from(entry.clone());
        let token = self.sign(&as_stored, landing, record, at).await?;
        self.approve_waiting(entry, landing, at).await;
        Ok(self
            .entrance
            .hand_off_page(entry, record, &token, "handed-over-again"))
    }

    /// One commit, and the entitlements that wait because an earlier visit was cut off.
    pub(crate) async fn hand_off(
        &self,
        registration: &Registration,
        landing: &Landing,
        seen: Seen,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let entry = &registration.entry;
        let record = new_record(entry.customer(), seen, None, at.now);
        let record = record.map_err(EntryFault::Random)?;
        let token = self.sign(registration, landing, &record, at).await?;
        let owner = self.approvals.ownership().owner();
        let commit = registration.commit_handed_off(landing, owner, &record, at.now);
        self.store.commit(commit, at.deadline).await?;
        self.approve_waiting(entry, landing, at).await;
        Ok(self
            .entrance
            .hand_off_page(entry, &record, &token, "handed-over"))
    }

    async fn sign(
        &self,
        registration: &Registration,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<String, SignUpFault> {
        let hand_off = HandOff {
            entry: &registration.entry,
            record,
            access: access(landing),
            unverified_profile: &registration.profile(landing),
        };
        Ok(self.entrance.sign(&hand_off, at.deadline).await?)
    }
}
