//! What is left to do for a customer who has passed every step of ours.

use customer_entry::pages::PageMessage;
use customer_entry::{LandingError, Seen};
use function_runtime::Response;
use marketplace::At;
use store::{Approval, Landing};

use crate::handler::Handler;
use crate::next_step::{Next, next};
use crate::registration::Registration;
use crate::sign_up_fault::SignUpFault;

const COMPLETED_BEFORE: PageMessage<'_> = PageMessage {
    title: "You are registered",
    text: "This registration was completed before. The sign-in page opens in a moment.",
};

impl Handler {
    /// Takes a customer through what is left to do, and through it again from what is stored then
    /// when another request was faster.
    pub(crate) async fn continue_sign_up(
        &self,
        registration: Registration,
        landing: Landing,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let Registration { entry, typed } = registration;
        // Decided now: another attempt finds the link that the first one recorded.
        let seen = seen(&landing);
        let typed = &typed;
        let attempt = |entry, landing| async move {
            let registration = Registration {
                entry,
                typed: typed.clone(),
            };
            self.advance(&registration, &landing, seen, at).await
        };
        Box::pin(self.entrance.retry(entry, landing, at, attempt)).await
    }

    async fn advance(
        &self,
        registration: &Registration,
        landing: &Landing,
        seen: Seen,
        at: At,
    ) -> Result<Response, SignUpFault> {
        let entry = &registration.entry;
        match next(landing, entry, at.now) {
            Next::Refused(refused) => Err(refused.into()),
            Next::Spent => Ok(self.entrance.to_login_page(entry, &COMPLETED_BEFORE)),
            // However the customer came here: without the proof nothing of what follows may happen.
            _ if self.entrance.sign_in_is_due(entry.session()) => Err(LandingError::Over.into()),
            Next::HandOffAgain(record) => self.hand_off_again(entry, landing, &record, at).await,
            Next::HandOff => self.hand_off(registration, landing, seen, at).await,
            Next::Approve => self.approve_account(registration, landing, seen, at).await,
        }
    }
}

/// Whether the customer was here before. As long as their account waits for its approval, a link is only what a visit
/// left that was cut off.
fn seen(landing: &Landing) -> Seen {
    let waits = landing.account.as_ref().is_some_and(|stored| {
        stored.record.approval == Approval::Approving && !stored.record.is_closed()
    });
    if waits {
        Seen::FirstTime
    } else {
        Seen::by(landing.link.as_ref())
    }
}
