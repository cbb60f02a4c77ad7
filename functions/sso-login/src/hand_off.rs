//! The hand-off itself: signed, then recorded, then posted.
//!
//! A token whose hand-off could not be signed is not spent. Everything that a login stores is stored
//! by the one commit that records it.

use std::collections::BTreeMap;

use customer_entry::{Entry, EntryFault, HandOff, RefusedAccount, Seen, access, new_record};
use function_runtime::Response;
use marketplace::{At, EntitlementId};
use store::{HandOffRecord, Landing};

use crate::handler::Handler;
use crate::login_commit::login_commit;

impl Handler {
    /// The one commit of a login.
    pub(crate) async fn hand_off(
        &self,
        entry: &Entry,
        landing: &Landing,
        order: Option<EntitlementId>,
        at: At,
    ) -> Result<Response, EntryFault> {
        let Some(account) = &landing.account else {
            return Err(RefusedAccount::NotRegistered.into());
        };
        let link = landing.link.as_ref();
        let record = new_record(entry.customer(), Seen::by(link), order, at.now)?;
        let token = self.sign(entry, landing, &record, at).await?;
        let commit = login_commit(entry, account, link, at.now).create(&record);
        self.store.commit(commit, at.deadline).await?;
        let outcome = match link {
            Some(_) => "handed-over",
            None => "linked",
        };
        Ok(self.entrance.hand_off_page(entry, &record, &token, outcome))
    }

    /// A repeat gives the application the same claims as before.
    pub(crate) async fn hand_off_again(
        &self,
        entry: &Entry,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<Response, EntryFault> {
        let token = self.sign(entry, landing, record, at).await?;
        Ok(self
            .entrance
            .hand_off_page(entry, record, &token, "handed-over-again"))
    }

    async fn sign(
        &self,
        entry: &Entry,
        landing: &Landing,
        record: &HandOffRecord,
        at: At,
    ) -> Result<String, EntryFault> {
        let profile = landing.link.as_ref().map(|link| &link.record.profile);
        let no_profile = BTreeMap::new();
        let hand_off = HandOff {
            entry,
            record,
            access: access(landing),
            unverified_profile: profile.unwrap_or(&no_profile),
        };
        Ok(self.entrance.sign(&hand_off, at.deadline).await?)
    }
}
