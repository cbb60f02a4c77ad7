//! What follows for a customer who registers, decided from what is stored alone.

use customer_entry::{Entry, RefusedAccount};
use jiff::Timestamp;
use store::{Account, Approval, HandOffRecord, Landing};

/// The next thing to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Next {
    /// The token has a hand-off that can still be used: give it again.
    HandOffAgain(HandOffRecord),
    /// The token's hand-off is over: the customer goes on to the application's login page.
    Spent,
    /// Customers of this account are not let in.
    Refused(RefusedAccount),
    /// Record the customer, then approve the account at Google.
    Approve,
    /// The account is approved: record the customer and the hand-off.
    HandOff,
}

/// Decides by what is stored. The checks that could change come before the replay, so that a repeat
/// passes them again.
pub(crate) fn next(landing: &Landing, entry: &Entry, now: Timestamp) -> Next {
    let account = landing.account.as_ref().map(|stored| &stored.record);
    if account.is_some_and(|account| account.approval == Approval::Rejected) {
        return Next::Refused(RefusedAccount::Rejected);
    }
    let issued = entry.customer().issued_at();
    let closing = account.and_then(Account::closing);
    if closing.is_some_and(|closing| issued <= closing.at) {
        return Next::Refused(RefusedAccount::Deleted);
    }
    if let Some(replay) = &landing.replay {
        return if replay.record.expires > now {
            Next::HandOffAgain(replay.record.clone())
        } else {
            Next::Spent
        };
    }
    match account {
        Some(account) if account.approval == Approval::Approved && closing.is_none() => {
            Next::HandOff
        }
        _ => Next::Approve,
    }
}

#[cfg(test)]
mod tests;
