//! What follows for a customer with an accepted role, decided from what is stored alone.
//!
//! | stored | follows |
//! |---|---|
//! | the account is rejected | the contact page |
//! | the account was closed | how to register again |
//! | no account | how to register |
//! | the account is not approved yet | approval is under way |
//! | the token was handed off, and that hand-off is over or not good any more | to the application's login page |
//! | nothing of that, and Google sign-in is still to be passed | Google sign-in |
//! | the token was handed off a moment ago | the same hand-off again |
//! | none of it | the choice of an order, if there is one, and the hand-off |
//!
//! The first row that holds counts. Whether the user is linked makes no difference: a user who
//! is not linked is linked with the hand-off.

use customer_entry::RefusedAccount;
use jiff::Timestamp;
use store::{Approval, HandOffRecord, Landing};

use crate::orders::Orders;

/// The next thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// The token was handed off, and that hand-off is over: the customer goes on to the application's login page.
    Spent,
    /// The person at the browser has yet to prove who they are.
    SignIn,
    /// The token was handed off before, and that hand-off can still be used: give it again.
    HandOffAgain(HandOffRecord),
    /// Let the customer choose among several orders, then record and hand off.
    HandOff,
}

/// Whether the person at the browser has still to pass Google sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInState {
    /// It is required, and not passed in this landing.
    Due,
    /// It is passed, or not required.
    Settled,
}

/// Decides by what is stored. The checks that could change come before the replay, so that a repeat
/// passes them again.
pub(crate) fn next(
    landing: &Landing,
    orders: &Orders,
    sign_in: SignInState,
    now: Timestamp,
) -> Result<Next, RefusedAccount> {
    let Some(account) = landing.account.as_ref().map(|stored| &stored.record) else {
        return Err(RefusedAccount::NotRegistered);
    };
    match account.approval {
        Approval::Rejected => return Err(RefusedAccount::Rejected),
        _ if account.is_closed() => return Err(RefusedAccount::Deleted),
        Approval::None | Approval::Approving => return Err(RefusedAccount::NotApprovedYet),
        Approval::Approved => {}
    }
    let replay = landing.replay.as_ref().map(|stored| &stored.record);
    Ok(match replay {
        Some(replay) if !is_good(replay, orders, now) => Next::Spent,
        _ if sign_in == SignInState::Due => Next::SignIn,
        Some(replay) => Next::HandOffAgain(replay.clone()),
        None => Next::HandOff,
    })
}

/// Whether a hand-off may be given again: not expired, and its order not ended since.
fn is_good(replay: &HandOffRecord, orders: &Orders, now: Timestamp) -> bool {
    let order = replay.order.as_ref();
    now < replay.expires && order.is_none_or(|order| orders.is_open(order))
}

#[cfg(test)]
mod tests;
