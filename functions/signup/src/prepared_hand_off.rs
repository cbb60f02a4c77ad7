//! The hand-off of a new customer, signed while Google approves the account: it counts once the account is approved
//! and this is recorded, and is thrown away otherwise.

use approval::{Fetched, with_approval};
use customer_entry::{EntryFault, HandOff, HandOffError, Seen, new_record};
use marketplace::At;
use store::{Account, Approval, HandOffRecord, Landing, Stored};

use crate::handler::Handler;
use crate::known_orders::KnownOrders;
use crate::registration::Registration;
use crate::sign_up_fault::{SignUpFault, not_approved_yet};

/// What is known of an account when Google is asked to approve it.
#[derive(Clone, Copy)]
pub(crate) struct FetchedAccount<'a> {
    pub(crate) account: &'a Stored<Account>,
    pub(crate) landing: &'a Landing,
    pub(crate) fetched: &'a Fetched,
}

/// All that is recorded and posted if Google approves.
pub(crate) struct PreparedHandOff {
    /// The account as it is then.
    pub(crate) approved: Account,
    pub(crate) orders: KnownOrders,
    pub(crate) record: HandOffRecord,
    /// Approval does not wait for the signature: without it the token stays unspent.
    pub(crate) token: Result<String, HandOffError>,
}

impl Handler {
    /// Reads the orders and signs. Nothing of it is stored.
    pub(crate) async fn prepare(
        &self,
        registration: &Registration,
        known: FetchedAccount<'_>,
        seen: Seen,
        at: At,
    ) -> Result<PreparedHandOff, SignUpFault> {
        let entry = &registration.entry;
        let (id, listed) = (entry.account(), &known.fetched.entitlements);
        let orders = KnownOrders::read(&self.store, id, known.landing, listed, at.deadline).await;
        let orders = orders.map_err(not_approved_yet)?;
        let approved = Account {
            // Google was asked for it at this provider, and has it.
            provider: Some(self.approvals.ownership().provider().clone()),
            ..with_approval(known.account, Approval::Approved, at.now)
        };
        let record = new_record(entry.customer(), seen, None, at.now);
        let record = record.map_err(EntryFault::Random)?;
        let hand_off = HandOff {
            entry,
            record: &record,
            access: orders.access(&approved, listed),
            unverified_profile: &registration.profile(known.landing),
        };
        let token = self.entrance.sign(&hand_off, at.deadline).await;
        Ok(PreparedHandOff {
            approved,
            orders,
            record,
            token,
        })
    }
}
